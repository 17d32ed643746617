"""Taking a dossier of the portal in: what was filed there is filed here, what its applicant does there is done here.

Everything of one version is taken in one transaction, after its files have been fetched. The same version taken twice
changes nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import enterprises, organisations, people
from accounts.actors import Actor
from accounts.models import Enterprise, Person
from accounts.people import BirthDateDiffers, PersonDiffers
from agencies.models import Territory
from core.refusals import Refused
from digitization import scans, uploads
from dossiers.correspondence import messages
from dossiers.filing import authorisation, complete
from dossiers.filing.paper_files import set_files
from dossiers.filing.papers_brought import Brought
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierDocument, FilingGround, OtherCode, ReturnMethod, State
from dossiers.search import code_key
from exchange.connectors.national import LABEL, NAME, transport
from exchange.connectors.national.applications import Application, SentFile, application_of
from exchange.filing import edition_of
from exchange.models import Arrival, Synchronisation
from journal.outgoing_calls import CallFailed, Request, call_neighbour
from procedures.editions.papers import demanded_papers, papers_of_case
from procedures.models import Edition, RequiredDocument
from vietnam.dates import InvalidDate, parse_date
from vietnam.decisions import FoundingDecision
from vietnam.identity import InvalidNumber
from vietnam.phone import InvalidPhone

_FETCHING_SECONDS = 30.0
Files = list[tuple[SentFile, bytes]]


def look_up_item(code: str, *, reference: str) -> dict[str, Any] | None:
    """What the portal holds under its code. Raises CallFailed, ServiceRefused."""
    result = transport.call_service("TraCuuHoSo", reference=reference, mahoso=code).get("result")
    found = (result[0] if result else None) if isinstance(result, list) else result
    return found if isinstance(found, dict) else None


def take_item(arrival: Arrival, item: Mapping[str, Any], *, at: datetime) -> bool:
    """File the portal's dossier here, or do what its applicant has done there since; whether anything was to do.

    Raises Refused with a sentence for staff, CallFailed when a file does not come.
    """
    application = application_of(item)
    fetched = [(file, _fetch(file, arrival)) for file in _new_files(arrival, application)]
    with transaction.atomic():
        row = Arrival.objects.select_for_update().get(pk=arrival.pk)
        if row.dossier is None:
            row.dossier = _file_here(application, fetched, at)
            done = True
        else:
            done = _follow(row.dossier, application, fetched, at)
        row.files = sorted({*row.files, *(file.id for file, _content in fetched)})
        row.taken_version = application.version or row.seen_version
        row.seen_version = max(row.seen_version, row.taken_version)
        row.taken_at, row.attempts, row.parked_at, row.last_error = at, 0, None, ""
        row.save()
    return done


def _new_files(arrival: Arrival, application: Application) -> list[SentFile]:
    """Those that we have neither fetched nor told the portal of ourselves."""
    known = set(arrival.files)
    if arrival.dossier is not None:
        known |= {str(pk) for pk in arrival.dossier.documents.values_list("file", flat=True)}
    return [file for file in application.files if file.id not in known]


def _fetch(file: SentFile, arrival: Arrival) -> bytes:
    """A file from the portal's own host. Raises Refused, CallFailed."""
    address = urljoin(f"{settings.NATIONAL_URL.rstrip('/')}/", file.address)
    allowed = {urlsplit(settings.NATIONAL_URL).netloc, *settings.NATIONAL_FILE_HOSTS}
    if urlsplit(address).netloc not in allowed or not file.address:
        sentence = _("Tệp “%(name)s” nằm ở máy chủ ngoài danh sách NATIONAL_FILE_HOSTS nên không lấy về.")
        raise Refused("foreign_host", sentence % {"name": file.name})
    asked = Request("GET", address, operation="file", reference=f"arrival:{arrival.pk}", patience=_FETCHING_SECONDS)
    outcome = call_neighbour(NAME, asked)
    if outcome.failed or outcome.status != 200:
        raise CallFailed(f"a file does not come: HTTP {outcome.status}")
    return outcome.body


def _file_here(application: Application, fetched: Files, at: datetime) -> Dossier:
    edition = edition_of(application.procedure)
    if application.case and application.case not in [case["key"] for case in edition.facts.get("cases") or []]:
        raise Refused("unknown_case", _("Thủ tục không có trường hợp này."), field="case")
    owner, filer = _people(application)
    by = Actor(system=LABEL, channel=NAME, represents=filer)
    papers = {paper.key: paper for paper in papers_of_case(edition, application.case)}
    sent = {paper: [entry for entry in fetched if entry[0].paper == key] for key, paper in papers.items()}
    draft = complete.draft_whole(
        edition,
        filer,
        owner=owner,
        ground=_ground(owner, filer),
        at=at,
        case=application.case,
        content=application.content or edition.title[:500],
        territory=_territory(application),
        files=[(paper, []) for paper in _lines(edition, application.case, sent)],
        method=ReturnMethod.POST if application.return_by_post else ReturnMethod.COUNTER,
        return_address=application.return_address,
        phone=application.phone or filer.phone,
        email=application.email or filer.email,
        address=application.address or filer.address,
    )
    for line in draft.documents.select_related("required_document"):
        came = sent.get(line.required_document, []) if line.required_document else []
        if files := _stored(came, draft, by):
            set_files(line, files)
    _add_others([entry for entry in fetched if entry[0].paper not in papers], draft, by, at)
    if authorisation.gap_sentence(draft):
        authorisation.keep_paper(draft, [], later=True)
    execute_transition(draft, "send", by, at=at)
    Synchronisation.objects.filter(system=NAME, dossier=draft).update(external_id=application.external_id)
    OtherCode.objects.create(
        dossier=draft, system=NAME, code=application.external_id, key=code_key(application.external_id)
    )
    return draft


def _lines(edition: Edition, case: str, sent: Mapping[RequiredDocument, Files]) -> list[RequiredDocument]:
    """The papers that came, and those demanded that did not: the counter asks for these or waits for them."""
    demanded = demanded_papers(edition, case, filled="")
    return [paper for paper in papers_of_case(edition, case) if sent.get(paper) or paper in demanded]


def _follow(dossier: Dossier, application: Application, fetched: Files, at: datetime) -> bool:
    """Do what the applicant did at the portal: withdraw, or answer the open request for a supplement."""
    by = Actor(system=LABEL, channel=NAME, represents=dossier.filer)
    dossier.refresh_from_db()
    if application.state == str(int(State.WITHDRAWN)) and dossier.state in _WITHDRAWABLE:
        execute_transition(dossier, "withdraw", by, at=at, reason=_("Người dân rút hồ sơ tại Cổng quốc gia."))
        return True
    request = dossier.supplement_requests.filter(answered_at=None).order_by("-id").first()
    answer = application.answers.get(str(request.pk), "") if request else ""
    if request is not None and dossier.state == State.SUPPLEMENT and (fetched or answer):
        execute_transition(
            dossier, "answer_supplement", by, at=at, answer=answer[:4000], papers=_brought(dossier, fetched, by)
        )
        return True
    if fetched:
        files = [ContentFile(content, name=file.name) for file, content in fetched]
        text = _("Tôi gửi thêm giấy tờ tại Cổng quốc gia.")
        messages.write_message(dossier, by, text, as_applicant=True, at=at, files=files)
    return bool(fetched)


_WITHDRAWABLE = (State.FILED, State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.FINANCIAL)


def _brought(dossier: Dossier, fetched: Files, by: Actor) -> list[Brought]:
    papers = {paper.key: paper for paper in papers_of_case(dossier.edition, dossier.case)}
    return [
        Brought(
            papers[file.paper].name if file.paper in papers else file.name,
            papers.get(file.paper),
            files=tuple(_stored([(file, content)], dossier, by)),
        )
        for file, content in fetched
    ]


def _add_others(fetched: Files, dossier: Dossier, by: Actor, at: datetime) -> None:
    """Files of papers that our checklist does not know: kept under their names, nothing is lost."""
    for entry in fetched:
        line = DossierDocument.objects.create(
            dossier=dossier,
            kind=DossierDocument.Kind.OTHER,
            position=1000,
            name=entry[0].name or _("Giấy tờ khác"),
            added_at=at,
        )
        set_files(line, _stored([entry], dossier, by))


def _stored(entries: Files, dossier: Dossier, by: Actor) -> list[Any]:
    stored = []
    for file, content in entries:
        kept = uploads.store_file(ContentFile(content, name=file.name), file.name, dossier.reference, by)
        scans.queue_scan(kept)
        stored.append(kept)
    return stored


def _people(application: Application) -> tuple[Person | Enterprise, Person]:
    """(owner, filer), made where we do not know them. Raises Refused."""
    try:
        if application.is_enterprise and (decision := _founding(application)):
            by = Actor(system=LABEL, channel=NAME)
            owner: Person | Enterprise = organisations.find_or_create_organisation(
                decision, name=application.owner_name, by=by, address=application.address
            )[0]
        elif application.is_enterprise:
            owner = enterprises.find_or_create_enterprise(
                application.owner_number, name=application.owner_name, phone="", address=application.address
            )[0]
        else:
            owner = _person(application.owner_number, application.owner_name)
        if application.filer_number:
            return owner, _person(application.filer_number, application.filer_name)
    except InvalidNumber:
        raise Refused(
            "bad_number", _("Số định danh hoặc mã số thuế của hồ sơ không đúng. Hãy báo Cổng quốc gia.")
        ) from None
    except InvalidPhone:
        raise Refused("bad_phone", _("Số điện thoại không hợp lệ. Ví dụ: 0912345678.")) from None
    except (PersonDiffers, BirthDateDiffers) as unlike:
        raise Refused("person_differs", unlike.sentence) from None
    if isinstance(owner, Enterprise):
        raise Refused(
            "no_filer", _("Hồ sơ của doanh nghiệp không ghi người nộp, nên chưa biết ai được xem và bổ sung.")
        )
    return owner, owner


def _founding(application: Application) -> FoundingDecision | None:
    return organisations.founding_decision_of(
        application.owner_number,
        country=application.owner_country,
        day=_founding_day(application.owner_founded_on),
        issuer=application.owner_founded_by,
    )


def _founding_day(said: str) -> date | None:
    """The day as the portal writes it (yyyymmdd) or as people do. Raises Refused."""
    written = f"{said[6:8]}/{said[4:6]}/{said[:4]}" if said.isdecimal() else said
    try:
        return parse_date(written) if said else None
    except InvalidDate:
        raise Refused("bad_date", _("Ngày quyết định thành lập của hồ sơ không đọc được.")) from None


def _person(number: str, name: str) -> Person:
    return people.find_or_create_person(number, full_name=name)[0]


def _ground(owner: Person | Enterprise, filer: Person) -> FilingGround:
    if isinstance(owner, Enterprise):
        return FilingGround.REPRESENTATIVE
    return FilingGround.SELF if owner == filer else FilingGround.AUTHORISED


def _territory(application: Application) -> Territory | None:
    return (
        Territory.objects.filter(code=application.territory, valid_to=None).first() if application.territory else None
    )
