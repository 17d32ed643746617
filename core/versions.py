"""Versions of what rules others: written as a draft, submitted, put in force by a second person, replaced, undone.

A model inherits `Version`, says its own content, and takes its constraints from `version_constraints` and its triggers
from `version_triggers`; a subclass of `Workflow` is its one writer. What is in force never changes: a later version of
the same scope replaces it in one transaction. A wrong publication is undone by bringing the version before back.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import pgtrigger
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.refusals import Refused, RefusedForReasons
from core.second_person import Author, Draft, second_person_constraint, second_person_sentence

LONGEST_REASON = 500


class Status(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Bản nháp")
    SUBMITTED = "submitted", gettext_lazy("Chờ người thứ hai")
    IN_FORCE = "in_force", gettext_lazy("Đang áp dụng")
    REPLACED = "replaced", gettext_lazy("Đã thay thế")
    UNDONE = "undone", gettext_lazy("Đã hủy áp dụng")


UNDECIDED = (Status.DRAFT, Status.SUBMITTED)
_WAYS = [
    ("draft", "submitted"),
    ("submitted", "draft"),
    ("submitted", "in_force"),
    ("in_force", "replaced"),
    ("in_force", "undone"),
    ("replaced", "in_force"),
]


class VersionRefused(RefusedForReasons):
    """The version cannot be changed or put in force."""

    status = 409

    def __init__(self, *sentences: str) -> None:
        super().__init__("version_refused", sentences)


class Version(Draft):
    """One version of something; which thing it is a version of is said by the workflow's `scope`."""

    Status = Status

    number = models.PositiveIntegerField(null=True)  # given at the latest when it comes into force
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    in_force_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    in_force_label = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)  # why it was put in force, or undone
    returned_reason = models.CharField(max_length=LONGEST_REASON, blank=True)  # why it was given back to be changed
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED


def version_constraints(name: str, scope: Sequence[str]) -> list[models.BaseConstraint]:
    """Of each scope one version in force, numbered, and put there by somebody who wrote no part of it."""
    undecided = Q(status__in=[status.value for status in UNDECIDED])
    over = Q(status__in=["replaced", "undone"])
    return [
        models.UniqueConstraint(
            fields=[*scope], condition=Q(status="in_force"), nulls_distinct=False, name=f"one_{name}_in_force"
        ),
        models.UniqueConstraint(
            fields=[*scope, "number"],
            condition=Q(number__isnull=False),
            nulls_distinct=False,
            name=f"{name}_number_once",
        ),
        models.CheckConstraint(
            condition=undecided | Q(number__isnull=False, in_force_at__isnull=False),
            name=f"{name}_in_force_is_numbered",
        ),
        models.CheckConstraint(
            condition=(over & Q(ended_at__isnull=False)) | (~over & Q(ended_at__isnull=True)),
            name=f"{name}_ends_when_over",
        ),
        second_person_constraint(f"{name}_by_a_second_person", decider="in_force_by", undecided=undecided),
    ]


def version_triggers(*content: str) -> list[pgtrigger.Trigger]:
    """What was submitted keeps its content (columns), what was in force keeps everything and stays."""
    decided = pgtrigger.Condition("OLD.status NOT IN ('draft', 'submitted')")
    return [
        pgtrigger.Protect(
            name="immutable",
            operation=pgtrigger.UpdateOf(*content, "editors"),
            condition=pgtrigger.Condition("OLD.status <> 'draft'"),
        ),
        pgtrigger.Protect(
            name="decided_once",
            operation=pgtrigger.UpdateOf("number", "in_force_at", "in_force_by_id"),
            condition=decided,
        ),
        pgtrigger.Protect(name="kept", operation=pgtrigger.Delete, condition=decided),
        pgtrigger.FSM(name="one_way", field="status", transitions=_WAYS),
    ]


V = TypeVar("V", bound=Version)
_DECIDED = ("number", "status", "in_force_at", "in_force_by", "in_force_label", "reason")


class Workflow(ABC, Generic[V]):
    """The one writer of a kind of version. Every change is one transaction and one entry of the audit log."""

    model: type[V]
    scope: ClassVar[tuple[str, ...]]  # columns that say what a version is of
    derived: ClassVar[tuple[str, ...]] = ()  # fields that `prepare` fills
    needs_reason: ClassVar[bool] = False  # to come into force

    @abstractmethod
    def record(self, verb: str, version: V, by: str, **facts: Any) -> None:
        """Write an entry of the audit log."""

    def blockers(self, version: V) -> list[str]:
        """What is wrong with a draft, in sentences, whoever asks."""
        return []

    def prepare(self, version: V) -> None:
        """Before a draft comes into force: fill the `derived` fields from its content."""

    def came_into_force(self, version: V) -> None:
        """Carry out what the version says, where that is kept elsewhere too."""

    def was_undone(self, version: V) -> None:
        """Take back what `came_into_force` did."""

    def in_force(self, **scope: Any) -> V | None:
        return self.model._default_manager.filter(status=Status.IN_FORCE, **scope).first()

    def undecided(self, **scope: Any) -> V | None:
        """What was begun of a scope and is not decided, of a kind that has one draft at a time."""
        return self.model._default_manager.filter(status__in=UNDECIDED, **scope).first()

    def obstacles(self, version: V, by: Author) -> list[str]:
        """Why this person cannot put a version in force now; empty when they can."""
        if not version.has_second_person(by):
            return [second_person_sentence()]
        return self.blockers(version)

    def begin_draft(self, draft: V, *, by: Author, at: datetime) -> V:
        """Keep a new draft."""
        with transaction.atomic():
            draft.status, draft.revision, draft.editors = Status.DRAFT, -1, []
            draft.note_editor(by, at)
            draft.save()
            self.record("drafted", draft, by.label)
        return draft

    def save_draft(self, draft: V, *, revision: int, by: Author, at: datetime) -> V:
        """Write a draft's changed content over the `revision` that the page was drawn with.

        Raises VersionRefused when it is no draft any more, StaleDraft when somebody else wrote meanwhile.
        """
        with transaction.atomic():
            kept = self._locked(draft.pk, Status.DRAFT)
            kept.require_unchanged(revision)
            for field in (*Draft._meta.fields, *Version._meta.fields):
                setattr(draft, field.attname, getattr(kept, field.attname))
            draft.note_editor(by, at)
            draft.save()
            self.record("drafted", draft, by.label)
        return draft

    def write_draft(self, draft: V, *, revision: int, by: Author, at: datetime) -> V:
        """Begin a draft of a kind that has one at a time, or write over the one that was begun (`undecided`).

        `revision` is the one that the page was drawn with, -1 when there was none. Raises VersionRefused, StaleDraft.
        """
        if draft.pk is None:
            try:
                with transaction.atomic():
                    return self.begin_draft(draft, by=by, at=at)
            except IntegrityError:  # somebody else began one at the same moment
                draft.pk = self._of_scope(draft).filter(status__in=UNDECIDED).values_list("pk", flat=True).first()
        return self.save_draft(draft, revision=revision, by=by, at=at)

    def submit_draft(self, pk: int, *, revision: int, by: Author, at: datetime) -> V:
        """Put a draft before a second person; from now on it does not change. Raises VersionRefused, StaleDraft."""
        with transaction.atomic():
            draft = self._locked(pk, Status.DRAFT)
            draft.require_unchanged(revision)
            if wrong := self.blockers(draft):
                raise VersionRefused(*wrong)
            draft.status, draft.submitted_at, draft.returned_reason = Status.SUBMITTED, at, ""
            draft.save(update_fields=["status", "submitted_at", "returned_reason"])
            self.record("submitted", draft, by.label)
        return draft

    def return_draft(self, pk: int, *, reason: str, by: Author) -> V:
        """Give a submitted version back to be changed: sent back by the second person, or taken back by a writer."""
        with transaction.atomic():
            draft = self._locked(pk, Status.SUBMITTED)
            draft.status, draft.submitted_at = Status.DRAFT, None
            draft.returned_reason = reason.strip()[:LONGEST_REASON]
            draft.save(update_fields=["status", "submitted_at", "returned_reason"])
            self.record("returned", draft, by.label, reason=draft.returned_reason)
        return draft

    def discard_draft(self, pk: int, *, by: Author) -> None:
        """Throw a draft away. Raises VersionRefused."""
        with transaction.atomic():
            draft = self._locked(pk, *UNDECIDED)
            self.record("discarded", draft, by.label)
            draft.delete()

    def put_in_force(self, pk: int, *, revision: int, by: Author, at: datetime, reason: str = "") -> V:
        """Make a submitted version the one that holds. Raises VersionRefused, StaleDraft, SecondPersonMissing."""
        with transaction.atomic():
            draft = self._locked(pk, Status.SUBMITTED)
            draft.require_unchanged(revision)
            draft.require_second_person(by)
            if self.needs_reason and not reason.strip():
                raise Refused("missing", _("Hãy ghi lý do hoặc văn bản làm căn cứ."), field="reason")
            if wrong := self.blockers(draft):
                raise VersionRefused(*wrong)
            draft.in_force_by_id, draft.reason = by.account_id, reason.strip()[:LONGEST_REASON]
            return self._into_force(draft, by.label, at)

    def undo(self, pk: int, *, reason: str, by: Author, at: datetime) -> V | None:
        """End a version that was put in force by mistake; the one before it holds again. Returns that one.

        One person may: what comes back was approved by two. Raises VersionRefused.
        """
        if not reason.strip():
            raise Refused("missing", _("Hãy ghi lý do hủy áp dụng."), field="reason")
        with transaction.atomic():
            self._lock_scope(self._found(pk))
            wrong = self._locked(pk, Status.IN_FORCE)
            replaced = self._of_scope(wrong).filter(status=Status.REPLACED, number__lt=wrong.number)
            former = replaced.select_for_update(of=("self",)).order_by("-number").first()
            wrong.status, wrong.ended_at, wrong.reason = Status.UNDONE, at, reason.strip()[:LONGEST_REASON]
            wrong.save(update_fields=["status", "ended_at", "reason"])
            if former is not None:
                former.status, former.ended_at = Status.IN_FORCE, None
                former.save(update_fields=["status", "ended_at"])
            self.was_undone(wrong)
            self.record("undone", wrong, by.label, reason=wrong.reason, back_to=former.number if former else None)
        return former

    def publish_bundled(self, offered: V, *, by: str, at: datetime) -> V:
        """Bring a version that came with the product, or from no person here, into force."""
        with transaction.atomic():
            offered.edited_at, offered.edited_label, offered.editors = at, by, []
            return self._into_force(offered, by, at)

    def _into_force(self, draft: V, by: str, at: datetime) -> V:
        self._lock_scope(draft)
        former = self._of_scope(draft).select_for_update(of=("self",)).filter(status=Status.IN_FORCE).first()
        if former is not None:
            former.status, former.ended_at = Status.REPLACED, at
            former.save(update_fields=["status", "ended_at"])
        if draft.number is None:
            last = self._of_scope(draft).aggregate(last=models.Max("number"))["last"]
            draft.number = (last or 0) + 1
        self.prepare(draft)
        draft.status, draft.in_force_at, draft.in_force_label = Status.IN_FORCE, at, by[:200]
        draft.save(update_fields=None if draft.pk is None else [*_DECIDED, *self.derived])
        self.came_into_force(draft)
        self.record("in_force", draft, by, replaces=former.number if former else None, reason=draft.reason)
        return draft

    def _of_scope(self, version: V) -> models.QuerySet[V]:
        return self.model._default_manager.filter(**{name: getattr(version, name) for name in self.scope})

    def _lock_scope(self, version: V) -> None:
        """Two versions of one scope come into force one after the other."""
        name = ":".join([self.model._meta.db_table, *(str(getattr(version, column)) for column in self.scope)])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])

    def _found(self, pk: int) -> V:
        found = self.model._default_manager.filter(pk=pk).first()
        if found is None:
            raise VersionRefused(_("Bản nháp này đã được bỏ."))
        return found

    def _locked(self, pk: int, *expected: str) -> V:
        found = self.model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
        if found is None:
            raise VersionRefused(_("Bản nháp này đã được bỏ."))
        if found.status not in expected:
            raise VersionRefused(_refusals()[found.status])
        return found


def _refusals() -> dict[str, str]:
    """Why nothing is done with a version in a status in which it was not expected."""
    return {
        Status.DRAFT: _("Bản này đang được sửa. Hãy chờ người soạn trình lại."),
        Status.SUBMITTED: _("Bản này đang chờ người thứ hai nên không sửa được. Hãy lấy lại để sửa."),
        Status.IN_FORCE: _("Bản này đã áp dụng nên không sửa được nữa. Hãy soạn bản mới từ bản này."),
        Status.REPLACED: _("Bản này đã được bản khác thay thế. Hãy tải lại trang."),
        Status.UNDONE: _("Bản này đã bị hủy áp dụng. Hãy tải lại trang."),
    }
