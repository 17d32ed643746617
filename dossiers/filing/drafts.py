"""Filing online: a draft that saves itself section by section, and what is still missing from it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import authorisations
from accounts.actors import Actor
from accounts.models import Authorisation, Enterprise, Person
from agencies.models import Agency, Territory
from core.refusals import Refused
from digitization import uploads
from digitization.models import StoredFile
from dossiers.fees import amounts
from dossiers.filing import authorisation as file_for_another
from dossiers.filing import declaration, eligibility, paper_files
from dossiers.filing.open_pages import count_save, locked_draft, saves_of, typed_answers
from dossiers.models import Dossier, DossierDocument, FilingGround, ReturnMethod
from procedures.competence import lookup
from procedures.editions.papers import Need, need_of_paper, papers_of_case
from procedures.fees import inputs
from procedures.models import Channel, Edition, Questionnaire, RequiredDocument

SECTIONS = ("applicant", "request", "documents", "result")
FEE = "fee"  # asked behind the request where the fee depends on more than the case


_UNSAVED = _("Có câu trả lời chưa được lưu. Hãy mở lại phần này, xem lại rồi bấm “Lưu và tiếp tục”.")


@dataclass(frozen=True)
class Gap:
    """Something a section still lacks."""

    section: str
    sentence: str | Promise


@transaction.atomic
def start_draft(edition: Edition, person: Person, *, key: str, at: datetime) -> Dossier:
    """A draft for `person`. The same `key` (of the page that started it) gives the same draft again.

    Raises Refused where the procedure is not filed online here.
    """
    eligibility.require_open_door(edition, Channel.ONLINE)
    earlier = _last_filed(person)
    draft, made = Dossier.objects.get_or_create(
        filing_key=f"{person.pk}:{key}"[:80],
        defaults={
            "edition": edition,
            "channel": Channel.ONLINE,
            "filer": person,
            "owner_person": person,
            "owner_name": person.full_name,
            "contact_phone": person.phone or (earlier.contact_phone if earlier else ""),
            "contact_email": person.email or (earlier.contact_email if earlier else ""),
            "contact_address": person.address or (earlier.contact_address if earlier else ""),
            "return_address": earlier.return_address if earlier else "",
            "created_at": at,
        },
    )
    if made:
        settle_draft(draft, person.territory or _territory_of(earlier))
        draft.save()
    return draft


def _last_filed(person: Person) -> Dossier | None:
    """What the person sent last, online or at a counter: what they gave there is offered again."""
    return Dossier.objects.sent().filter(filer=person, filing_ground=FilingGround.SELF).order_by("-id").first()


def _territory_of(dossier: Dossier | None) -> Territory | None:
    code = dossier.answers.get("territory") if dossier else ""
    return Territory.objects.valid().filter(code=code).first() if code else None


def receiving_centre(settling: Agency) -> Agency:
    """The one-stop shop that takes in what `settling` decides: the commune's for every agency of a commune (its
    committee, its police), the province's for all others."""
    if settling.of_commune:
        where = Q(kind=Agency.Kind.COMMUNE_CENTRE, territory=settling.territory)
    else:
        where = Q(kind=Agency.Kind.PROVINCIAL_CENTRE)
    return Agency.objects.filter(where, valid_to__isnull=True).select_related("calendar").get()


def settle_draft(dossier: Dossier, territory: Territory | None) -> None:
    """Set who settles and who receives, from the edition's competence and the place. The caller saves."""
    place = territory or Territory.objects.filter(kind=Territory.Kind.PROVINCE, valid_to__isnull=True).first()
    agency = lookup.settling_agency(dossier.edition, place, timezone.localdate()) if place else None
    dossier.settling_agency = agency
    dossier.answers["territory"] = territory.code if territory else ""
    if agency is None:
        dossier.receiving_agency = None
        return
    if dossier.channel == Channel.ONLINE or dossier.receiving_agency_id is None:
        dossier.receiving_agency = receiving_centre(agency)
        dossier.return_desk = dossier.receiving_agency.desks.filter(open=True).first()


@transaction.atomic
def save_applicant(
    dossier: Dossier,
    *,
    ground: str,
    owner: Person | Enterprise | None,
    note: str,
    phone: str,
    email: str,
    address: str,
    authorised_by: tuple[str, str] = ("", ""),
    authorisation: Authorisation | None = None,
) -> Dossier:
    """Who files for whom on what ground, and how to reach them.

    Filing for somebody who authorised it takes either a confirmed `authorisation` or their number and name as typed
    (`authorised_by`); then nobody owns the draft until a counter has checked the paper. Raises Refused.
    """
    draft = locked_draft(dossier)
    if owner is not None:
        eligibility.require_owner(draft.edition, owner)
    draft.filing_ground, draft.ground_note = FilingGround(ground), note
    draft.owner_person = owner if isinstance(owner, Person) else None
    draft.owner_enterprise = owner if isinstance(owner, Enterprise) else None
    draft.owner_name = str(owner) if owner is not None else ""
    stated, draft.authorisation = draft.authorisation, None
    if draft.filing_ground == FilingGround.AUTHORISED:
        number, name = authorised_by
        row = authorisation or authorisations.state_authorisation(
            stated, draft.filer, number=number, name=name, paper=note, on=timezone.localdate()
        )
        file_for_another.own_dossier(draft, row)
        eligibility.require_eligible(draft)
        draft.owner_name, draft.ground_note = row.grantor_name, row.paper
    draft.contact_phone, draft.contact_email, draft.contact_address = phone, email, address
    return _mark(draft, "applicant")


@transaction.atomic
def save_request(dossier: Dossier, *, case: str, content: str, territory: Territory | None) -> Dossier:
    """Another case may ask for other fee facts: what it does not ask for goes, and its page is open again."""
    draft = locked_draft(dossier)
    before = amounts.asked_inputs(draft, at=timezone.now())
    draft.case, draft.content = case, content
    ask_fee_again(draft, before)
    _leave_other_cases(draft)
    settle_draft(draft, territory)
    return _mark(draft, "request")


def _leave_other_cases(draft: Dossier) -> None:
    """A paper that only another case asks for is promised no more; what was sent for it stays as another paper."""
    lines = draft.documents.filter(required_document__isnull=False).exclude(
        required_document__case__in=("", draft.case)
    )
    lines.filter(file__isnull=True).delete()
    lines.update(required_document=None, kind=DossierDocument.Kind.OTHER, position=1000)


def ask_fee_again(draft: Dossier, before: inputs.Needed) -> None:
    """When the fee depends on other facts than `before`: keep those that still count and ask. The caller saves."""
    now = amounts.asked_inputs(draft, at=timezone.now())
    if now.same_questions(before):
        return
    said = amounts.as_given(draft)
    states = amounts.exemptions_of(draft)
    known = [relief.key for relief in now.reliefs]
    draft.fee_facts = {
        "quantities": {per: number for per, number in said["quantities"].items() if per in now.counted},
        "value": said["value"] if now.bands else None,
        "exemptions": {key: state for key, state in states.items() if key in known},
    }
    draft.answers["done"] = sorted(set(draft.answers.get("done", [])) - {FEE})
    draft.answers.get("typed", {}).pop(FEE, None)


@transaction.atomic
def save_fee_facts(dossier: Dossier, facts: Mapping[str, Any]) -> Dossier:
    """Judged fee facts; an exemption is a claim until staff confirm it."""
    draft = locked_draft(dossier)
    draft.fee_facts = amounts.stored_inputs(facts, exemptions=amounts.CLAIMED)
    return _mark(draft, FEE)


@transaction.atomic
def save_declaration(dossier: Dossier, questionnaire: Questionnaire, values: dict[str, Any], *, on: date) -> Dossier:
    """Answers that the questionnaire's rules accept, given on this day."""
    draft = locked_draft(dossier)
    draft.answers[declaration.KEY] = declaration.stored_form(questionnaire, values, on)
    draft.content = declaration.declaration_content(questionnaire, values) or draft.content
    return _mark(draft, declaration.SECTION)


@transaction.atomic
def save_return(dossier: Dossier, *, method: str, desk: Any, address: str) -> Dossier:
    draft = locked_draft(dossier)
    draft.return_method, draft.return_desk, draft.return_address = ReturnMethod(method), desk, address
    return _mark(draft, "result")


@transaction.atomic
def save_authorisation_paper(dossier: Dossier, files: Sequence[StoredFile], *, later: bool) -> Dossier:
    """The paper by which the filer acts for another, or the promise to bring it to the counter. Raises Refused."""
    draft = locked_draft(dossier)
    file_for_another.keep_paper(draft, files, later=later)
    if sentence := file_for_another.gap_sentence(draft):
        raise Refused("no_paper", sentence, field="file")
    return _mark(draft, file_for_another.SECTION)


@transaction.atomic
def note_save(dossier: Dossier, section: str) -> int:
    """Count a save of the section that leaves it as unfinished as it was; returns the count."""
    draft = locked_draft(dossier)
    count_save(draft, section)
    draft.save(update_fields=["answers"])
    return saves_of(draft, section)


@transaction.atomic
def confirm_documents(dossier: Dossier) -> Dossier:
    return _mark(locked_draft(dossier), "documents")


def _mark(draft: Dossier, section: str) -> Dossier:
    """The section is answered: what was typed on the way there is not needed any more."""
    draft.answers["done"] = sorted({*draft.answers.get("done", []), section})
    draft.answers.get("typed", {}).pop(section, None)
    count_save(draft, section)
    draft.save()
    return draft


@transaction.atomic
def attach_file(
    dossier: Dossier,
    required: RequiredDocument | None,
    file: StoredFile | None,
    *,
    name: str = "",
    later: bool = False,
) -> DossierDocument:
    """Put a file on a line of the checklist, behind those that are there; a line without one may be brought later.

    Raises Refused when the line has as many as it takes.
    """
    draft = locked_draft(dossier)
    if required is None:
        return DossierDocument.objects.create(
            dossier=draft, kind=DossierDocument.Kind.OTHER, name=name, file=file, position=1000
        )
    line, _made = DossierDocument.objects.update_or_create(
        dossier=draft,
        required_document=required,
        defaults={"name": required.name, "position": required.position, "later": later and file is None},
    )
    if file is not None:
        paper_files.set_files(line, [*line.files, file])
    return line


@transaction.atomic
def bring_later(dossier: Dossier, required: RequiredDocument, *, later: bool) -> None:
    """Note that a paper is brought on paper, or is not; a line with a file stays as it is."""
    draft = locked_draft(dossier)
    line = DossierDocument.objects.filter(dossier=draft, required_document=required).first()
    if line is None or line.file_id is None:
        attach_file(draft, required, None, later=later)


def discard_files(draft: Dossier, files: Iterable[StoredFile]) -> None:
    """Files that were sent for this draft alone are not kept once they have no line on it."""
    for file in files:
        if file.owner == draft.reference:
            uploads.discard_file(file)


@transaction.atomic
def detach_file(dossier: Dossier, line: DossierDocument, file: StoredFile) -> None:
    """Take one file of a paper back; with its last file the line goes."""
    draft = locked_draft(dossier)
    line = DossierDocument.objects.select_related("file").get(pk=line.pk, dossier=draft)
    left = [each for each in line.files if each != file]
    if left:
        paper_files.set_files(line, left)
    else:
        line.delete()
    discard_files(draft, [file])


@transaction.atomic
def move_file_up(dossier: Dossier, line: DossierDocument, file: StoredFile) -> None:
    """Put a file of a paper before the one in front of it."""
    locked_draft(dossier)
    line.refresh_from_db()
    if file in line.files:
        paper_files.move_file_up(line, file)


@transaction.atomic
def join_photos(dossier: Dossier, line: DossierDocument, *, name: str, by: Actor) -> StoredFile:
    """Make one PDF of a paper's photos. Raises Refused, uploads.UploadRefused."""
    locked_draft(dossier)
    line.refresh_from_db()
    return paper_files.join_photos_of(line, name=name, by=by)


def required_documents(dossier: Dossier) -> list[RequiredDocument]:
    """The checklist of the dossier's edition for its case, without what has a page of its own here."""
    filled = declaration.stands_for(dossier)
    found = [d for d in papers_of_case(dossier.edition, dossier.case) if d.key != (filled or None)]
    # The paper that authorises has a page of its own.
    own = file_for_another.own_paper(dossier) if file_for_another.is_asked(dossier) else None
    return [d for d in found if own is None or d.pk != own.pk]


def draft_sections(dossier: Dossier) -> tuple[str, ...]:
    """The pages of this filing in their order."""
    asked, wanted = declaration.form_in_force(dossier), amounts.asked_inputs(dossier, at=timezone.now())
    return _sections(dossier, asked, wanted)


def _sections(dossier: Dossier, asked: Questionnaire | None, wanted: inputs.Needed) -> tuple[str, ...]:
    at = SECTIONS.index("request")
    paper = [file_for_another.SECTION] if file_for_another.is_asked(dossier) else []
    more = (*([declaration.SECTION] if asked else []), *([FEE] if wanted else []))
    return (*SECTIONS[:at], *paper, SECTIONS[at], *more, *SECTIONS[at + 1 :])


def missing_parts(dossier: Dossier) -> list[Gap]:
    """What must still be done before sending, in the order of the task list."""
    done = set(dossier.answers.get("done", []))
    if dossier.discarded_at is not None:
        return [Gap("edition", _("Bản nháp này đã xóa. Hãy lấy lại trước khi gửi."))]
    if dossier.edition.status != Edition.Status.PUBLISHED:
        return [Gap("edition", _("Thủ tục đã thay đổi. Hãy mở hồ sơ đang soạn để chuyển sang bản mới."))]
    asked = declaration.form_in_force(dossier)
    wanted_of_fee = amounts.asked_inputs(dossier, at=timezone.now())
    pages = _sections(dossier, asked, wanted_of_fee)
    gaps = [Gap(section, _UNSAVED) for section in pages if typed_answers(dossier, section)]
    if "applicant" not in done or not dossier.owner_name:
        gaps.append(Gap("applicant", _("Hãy hoàn thành phần “Người nộp và người đứng tên”.")))
    if sentence := file_for_another.gap_sentence(dossier):
        gaps.append(Gap(file_for_another.SECTION, sentence))
    if "request" not in done:
        gaps.append(Gap("request", _("Hãy hoàn thành phần “Nội dung đề nghị”.")))
    if dossier.settling_agency_id is None:
        gaps.append(Gap("request", _("Hãy chọn nơi giải quyết hồ sơ.")))
    if asked is not None:
        gaps += _form_gaps(dossier, asked, done)
    if wanted_of_fee:
        gaps += _fee_gaps(dossier, wanted_of_fee, done)
    wanted = declaration.wanted_documents(dossier, asked)
    have = {line.required_document_id for line in dossier.documents.all() if line.file_id is not None or line.later}
    for paper in required_documents(dossier):
        if need_of_paper(paper, wanted=wanted) is Need.DEMANDED and paper.pk not in have:
            gaps.append(Gap("documents", _("Còn thiếu: %(name)s.") % {"name": paper.name}))
    if "result" not in done:
        gaps.append(Gap("result", _("Hãy chọn cách nhận kết quả.")))
    return gaps


def _fee_gaps(dossier: Dossier, wanted: inputs.Needed, done: set[str]) -> list[Gap]:
    """What the fee depends on and nobody has said, or what does not hold any more."""
    if FEE not in done:
        return [Gap(FEE, _("Hãy trả lời phần “Phí, lệ phí”."))]
    return [
        Gap(FEE, sentence) for _name, sentence in inputs.validate_inputs(wanted, amounts.as_given(dossier)).mistakes
    ]


def _form_gaps(dossier: Dossier, asked: Questionnaire, done: set[str]) -> list[Gap]:
    """What the procedure's form still lacks; a dossier brought by another system says so by having no answers."""
    if declaration.SECTION not in done:
        return [Gap(declaration.SECTION, _("Hãy điền tờ khai."))]
    if not (kept := dossier.answers.get(declaration.KEY)):
        return []
    if kept["questionnaire"] != asked.pk:
        return [Gap(declaration.SECTION, _("Tờ khai đã có bản mới. Hãy mở phần tờ khai, xem lại rồi lưu."))]
    return [
        Gap(declaration.SECTION, sentence)
        for _field, sentence in declaration.validated_answers(dossier, asked).mistakes
    ]


def new_key() -> str:
    return uuid.uuid4().hex
