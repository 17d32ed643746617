"""Editions of a procedure, their limits and papers, what happened to them, and what a source said last.

An edition is immutable; its rows are read from its `facts`, the canonical document.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.second_person import second_person_constraint
from journal.kept import Kept
from procedures.models.catalogue import Channel, FactState, Field, Procedure

# Statuses of an edition on its way to publication, one at a time for a procedure; and the ways between all statuses.
UNDER_WAY = ["draft", "reviewed", "approved", "announced"]
LIFE = [
    ("draft", "reviewed"),
    ("reviewed", "approved"),
    ("approved", "announced"),
    ("announced", "upcoming"),
    ("announced", "published"),
    ("upcoming", "published"),
    ("published", "superseded"),
    ("published", "suspended"),
    ("suspended", "published"),
    ("suspended", "superseded"),
    ("published", "abolished"),
    ("suspended", "abolished"),
    ("reviewed", "draft"),
    ("approved", "draft"),
    ("announced", "draft"),
    ("draft", "withdrawn"),
    ("reviewed", "withdrawn"),
    ("approved", "withdrawn"),
]


class Edition(models.Model):
    class Origin(models.TextChoices):
        BUNDLED = "carried", _("Danh mục kèm sản phẩm")
        IMPORT = "import", _("Nhập từ Cổng quốc gia")
        CONTROLLER = "controller", _("Kiểm soát viên")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Dự thảo")
        REVIEWED = "reviewed", _("Đã soát")
        APPROVED = "approved", _("Đã duyệt")
        ANNOUNCED = "announced", _("Đã có quyết định công bố")
        UPCOMING = "upcoming", _("Đã công khai, chờ hiệu lực")
        PUBLISHED = "published", _("Đang áp dụng")
        SUSPENDED = "suspended", _("Tạm ngừng")
        SUPERSEDED = "superseded", _("Đã thay thế")
        ABOLISHED = "abolished", _("Đã bãi bỏ")
        WITHDRAWN = "withdrawn", _("Đã rút")

    class OnlineLevel(models.TextChoices):
        FULL = "full", _("Toàn trình")
        PARTIAL = "partial", _("Một phần")
        NONE = "none", _("Không trực tuyến")

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # of a draft: what it changes
    title = models.CharField(max_length=1000)
    title_en = models.CharField(max_length=1000, blank=True)
    field = models.ForeignKey(Field, models.PROTECT, related_name="editions")
    ministry = models.CharField(max_length=200, blank=True)
    levels = ArrayField(models.CharField(max_length=10))  # province, commune, ministry
    applicants = ArrayField(models.CharField(max_length=30))
    online_level = models.CharField(max_length=8, choices=OnlineLevel.choices, default=OnlineLevel.NONE)
    facts = models.JSONField()  # the whole, in the bundled catalogue's format (procedures/catalogue)
    facts_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True)  # publicised; a draft has none
    ended_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)
    # Of an edition that went the way from a draft (procedures.editions.lifecycle); others were published as they came.
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    editors = ArrayField(models.BigIntegerField(), default=list)  # accounts that drafted, changed or reviewed it
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision_number = models.CharField(max_length=100, blank=True)
    decision_date = models.DateField(null=True)
    effective_from = models.DateField(null=True)
    publish_by = models.DateTimeField(null=True)
    route_by = models.DateTimeField(null=True)
    route_ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status="published"), name="one_published_edition"
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status__in=UNDER_WAY), name="one_edition_under_way"
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status="upcoming"), name="one_upcoming_edition"
            ),
            second_person_constraint(
                "edition_four_eyes",
                decider="approved_by",
                undecided=models.Q(status__in=["draft", "reviewed", "withdrawn"], approved_by__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(drafted_by__isnull=True)
                | models.Q(status__in=["draft", "reviewed", "withdrawn"])
                | models.Q(approved_by__isnull=False),
                name="drafted_edition_is_approved",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["announced", "upcoming"])
                | (models.Q(decision_date__isnull=False) & ~models.Q(decision_number="")),
                name="announced_by_a_decision",
            ),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="edition_by_status")]
        triggers = [
            pgtrigger.Protect(
                name="immutable",
                operation=pgtrigger.UpdateOf("procedure_id", "number", "title", "facts", "facts_sha256"),
                condition=pgtrigger.Condition("OLD.status <> 'draft'"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="life", field="status", transitions=LIFE),
        ]

    @property
    def local_title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if self.title_en and get_language() == "en" else self.title

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """The time limit of one channel and case."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="terms")
    case = models.SlugField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    unit = models.CharField(max_length=14, blank=True)  # vietnam.working_time.Unit
    after_15h_next_day = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=FactState.choices)
    note = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    raw = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "case", "channel"], name="term_once")]


class RequiredDocument(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="documents")
    key = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    case = models.SlugField(blank=True)  # empty: asked in every case
    name = models.TextField()
    name_en = models.TextField(blank=True)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    show_only = models.BooleanField(default=False)
    when = models.TextField(blank=True)
    when_en = models.TextField(blank=True)
    form = models.CharField(max_length=300, blank=True)
    issued_as = models.CharField(max_length=20, blank=True)  # result code of the earlier procedure
    replaced_by = models.CharField(max_length=300, blank=True)  # database whose data replaces the paper
    partly_replaced_by = models.CharField(max_length=300, blank=True)  # database that says a part of what it says
    secret = models.BooleanField(default=False)  # a secret paper is never copied to electronic form
    verification = models.BooleanField(default=False)  # an agency's reply, which no applicant brings
    from_store = models.BooleanField(default=False)  # may be taken from the applicant's document store
    template = models.CharField(max_length=300, blank=True)  # name in storage of the form to fill in
    state = models.CharField(max_length=16, choices=FactState.choices)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="document_key_once")]

    @property
    def local_name(self) -> str:
        """What the paper is called, in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class EditionAct(models.Model):
    """One act in an edition's life (procedures.editions.lifecycle), or its publication as it came. Append-only."""

    edition = models.ForeignKey("procedures.Edition", models.PROTECT, related_name="acts")
    act = models.CharField(max_length=30)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    at = models.DateTimeField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=200)
    automatic = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    kept = Kept()

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Offer(models.Model):
    """What a source said last of a procedure where another, higher one speaks for it. Its next word is compared
    with this, so that only what the source itself has changed is put before a person."""

    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="offers")
    origin = models.CharField(max_length=10)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    offered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "origin"], name="offer_once")]
