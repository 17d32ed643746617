"""Wordings of forms that administrators keep: drafts, the one in force, and all that were in force before.

Version 0 of a form is the wording that its own app carries; what is stored begins at 1. One person writes a draft,
another puts it in force. A version that was in force never changes, and every paper says under which it was issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from journal import audit_log
from papers import wording
from papers.models import PaperTemplate
from papers.wording import Vocabulary, Wording

State = PaperTemplate.State


class TemplateRefused(Exception):
    """`sentence` says to the person why not, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Person:
    """Who acts: an opaque key that is the same for all posts of one person, and the name as histories keep it."""

    key: str
    label: str


def worded(form: str, carried: Wording) -> tuple[int, Wording]:
    """(version, wording) in force for a form; `carried` when none is stored."""
    stored = PaperTemplate.objects.filter(form=form, state=State.IN_FORCE).only("version", "wording").first()
    return (stored.version, Wording.read(stored.wording)) if stored else (0, carried)


def of_version(form: str, version: int, carried: Wording) -> Wording | None:
    if version == 0:
        return carried
    stored = PaperTemplate.objects.filter(form=form, version=version).first()
    return Wording.read(stored.wording) if stored else None


def draft_of(form: str) -> PaperTemplate | None:
    return PaperTemplate.objects.filter(form=form, state=State.DRAFT).first()


def begin_template(form: str, origin: Wording, *, by: Person, at: datetime) -> PaperTemplate:
    """The form's draft: the one that waits, or a new one that starts from `origin`."""
    if waiting := draft_of(form):
        return waiting
    try:
        with transaction.atomic():
            last = PaperTemplate.objects.filter(form=form).aggregate(last=Max("version"))["last"] or 0
            return PaperTemplate.objects.create(
                form=form,
                version=last + 1,
                wording=origin.as_json(),
                made_by=by.label,
                maker=by.key,
                made_at=at,
            )
    except IntegrityError:  # somebody else began one at the same moment
        return _locked_draft(form)


def keep_template(form: str, new: Wording, *, revision: int, by: Person, at: datetime) -> PaperTemplate:
    """Write the draft anew; raises TemplateRefused when there is none or somebody else has written it meanwhile.

    A wording with problems may be kept, so that no work is lost; it only cannot come into force.
    """
    with transaction.atomic():
        draft = _locked_draft(form)
        if draft.revision != revision:
            raise TemplateRefused(
                _("%(name)s vừa sửa bản soạn này. Hãy mở lại trang để thấy thay đổi rồi sửa tiếp.")
                % {"name": draft.made_by}
            )
        draft.wording, draft.revision = new.as_json(), draft.revision + 1
        draft.made_by, draft.maker, draft.made_at = by.label, by.key, at
        draft.save()
        return draft


def abandon_template(form: str, *, by: Person) -> None:
    with transaction.atomic():
        draft = _locked_draft(form)
        version = draft.version
        draft.delete()
        audit_log.record_entry("paper_template.abandoned", f"paper_template:{form}", actor=by.label, version=version)


def put_in_force(
    form: str, vocabulary: Vocabulary, *, revision: int, reason: str, by: Person, at: datetime
) -> PaperTemplate:
    """Put the draft in force from `at`; the version before ends. The one who wrote it may not (two pairs of eyes)."""
    with transaction.atomic():
        draft = _locked_draft(form)
        if draft.revision != revision:
            raise TemplateRefused(_("Bản soạn vừa được sửa. Hãy xem lại bản mới trước khi đưa vào dùng."))
        if draft.maker == by.key:
            raise TemplateRefused(_("Người soạn không tự đưa mẫu vào dùng. Hãy nhờ một quản trị viên khác."))
        if not reason.strip():
            raise TemplateRefused(_("Hãy ghi lý do hoặc văn bản làm căn cứ đổi mẫu."))
        if found := wording.wording_problems(Wording.read(draft.wording), vocabulary):
            raise TemplateRefused(_("Bản soạn còn lỗi, chưa dùng được: %(first)s") % {"first": found[0].sentence})
        PaperTemplate.objects.filter(form=form, state=State.IN_FORCE).update(state=State.SUPERSEDED, ended_at=at)
        draft.state, draft.valid_from, draft.reason = State.IN_FORCE, at, reason.strip()[:500]
        draft.approved_by, draft.approver = by.label, by.key
        draft.save()
        audit_log.record_entry(
            "paper_template.put_in_force",
            f"paper_template:{form}",
            actor=by.label,
            version=draft.version,
            reason=draft.reason,
        )
        return draft


def _locked_draft(form: str) -> PaperTemplate:
    draft = PaperTemplate.objects.select_for_update().filter(form=form, state=State.DRAFT).first()
    if draft is None:
        raise TemplateRefused(_("Mẫu này không còn bản soạn nào. Hãy soạn bản mới từ trang của mẫu."))
    return draft
