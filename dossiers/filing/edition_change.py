"""A draft whose procedure got a new edition: what it would lose, and the move. Received dossiers stay on theirs."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Territory
from core.refusals import Refused
from dossiers.fees import amounts
from dossiers.filing import draft_papers, drafts, open_pages, paper_files
from dossiers.filing.agencies import assign_agencies
from dossiers.models import Dossier, DossierDocument, State
from procedures.editions.carry_over import CarryOver, carry_over
from procedures.models import Edition


def newer_edition(draft: Dossier) -> Edition | None:
    """The edition now in force, when the draft was begun on a former one and its procedure can still be filed."""
    if draft.state != State.DRAFT or draft.edition.status == Edition.Status.PUBLISHED:
        return None
    return Edition.objects.filter(procedure_id=draft.edition.procedure_id, status=Edition.Status.PUBLISHED).first()


def preview_edition_change(draft: Dossier, edition: Edition) -> CarryOver:
    """What would be kept, lost and asked anew. A read."""
    lines = [(line.required_document.key, line.file_id) for line in draft.documents.all() if line.required_document]
    answers = {"case": draft.case, "quantities": draft.fee_facts.get("quantities") or {}}
    keys, sent = [key for key, _file in lines], {key for key, file in lines if file}
    return carry_over(draft.edition.facts, edition.facts, answers, keys, sent)


def move_to_edition(dossier: Dossier, at: datetime) -> CarryOver:
    """Put a draft on the edition in force. A paper that is not asked for any more stays with it as another paper.

    Sections with something lost or asked anew are open again. Raises Refused.
    """
    with transaction.atomic():
        draft = Dossier.objects.select_for_update(of=("self",)).select_related("edition").get(pk=dossier.pk)
        edition = newer_edition(draft)
        if edition is None:
            raise Refused("no_newer", _("Hồ sơ này không có bản thủ tục mới hơn để chuyển sang."))
        result = preview_edition_change(draft, edition)
        before = amounts.asked_inputs(draft, at=at)
        draft.edition, draft.case = edition, result.kept["case"]
        drafts.ask_fee_again(draft, before)
        _move_papers(draft, edition, result)
        _open_again(draft, edition, result)
        code = draft.answers.get("territory")
        assign_agencies(
            draft, Territory.objects.valid(on=timezone.localdate(at)).filter(code=code).first() if code else None
        )
        draft.save()
    return result


def _move_papers(draft: Dossier, edition: Edition, result: CarryOver) -> None:
    asked = {paper.key: paper for paper in edition.documents.all()}
    for line in DossierDocument.objects.filter(dossier=draft, required_document__isnull=False).select_related(
        "required_document"
    ):
        assert line.required_document is not None
        paper = asked.get(result.documents.get(line.required_document.key, ""))
        line.required_document = paper
        if paper is not None:
            line.name, line.position = paper.name, paper.position
            if paper.secret and line.file_id is not None:
                draft_papers.discard_files(draft, line.files)
                paper_files.set_files(line, [])
        elif line.file_id is None:
            line.delete()
            continue
        else:
            line.kind, line.position = DossierDocument.Kind.OTHER, 1000
        line.save()


def _open_again(draft: Dossier, edition: Edition, result: CarryOver) -> None:
    changed = set()
    if any(lost.what == "answer" for lost in result.lost) or (edition.facts.get("cases") and not draft.case):
        changed.add("request")
    if result.asked_anew or any(lost.what == "document" for lost in result.lost):
        changed.add("documents")
    open_pages.reopen_sections(draft, changed)
