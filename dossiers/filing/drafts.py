"""Filing online: a draft that is begun once and saved section by section."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import authorisations
from accounts.models import Authorisation, Enterprise, Person
from agencies.models import Territory
from core.refusals import Refused
from digitization.models import StoredFile
from dossiers.fees import amounts
from dossiers.filing import authorisation as file_for_another
from dossiers.filing import declaration, eligibility
from dossiers.filing.agencies import assign_agencies
from dossiers.filing.completeness import FEE
from dossiers.filing.open_pages import locked_draft, mark_done, reopen_sections
from dossiers.models import Dossier, DossierDocument, FilingGround, OpenPages, ReturnMethod
from procedures.fees import inputs
from procedures.models import Channel, Edition, Questionnaire


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
        OpenPages.objects.create(dossier=draft)
        assign_agencies(draft, person.territory or _territory_of(earlier))
        draft.save()
    return draft


def _last_filed(person: Person) -> Dossier | None:
    """What the person sent last, online or at a counter: what they gave there is offered again."""
    return Dossier.objects.sent().filter(filer=person, filing_ground=FilingGround.SELF).order_by("-id").first()


def _territory_of(dossier: Dossier | None) -> Territory | None:
    code = dossier.answers.get("territory") if dossier else ""
    return Territory.objects.valid().filter(code=code).first() if code else None


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
    assign_agencies(draft, territory)
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
    reopen_sections(draft, {FEE}, forget_typed=True)


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
def confirm_documents(dossier: Dossier) -> Dossier:
    return _mark(locked_draft(dossier), "documents")


def _mark(draft: Dossier, section: str) -> Dossier:
    mark_done(draft, section)
    draft.save()
    return draft
