"""Role × address × record: whoever may not read a record finds nothing of it at any address, page, file or API.

Each record carries marks of its own in every field that somebody types, tags among them. Who may read which record is
written here by hand; the addresses come from the URL configuration, and an address with a part that is neither filled
here nor said to be about nobody fails.
"""

import csv
import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from accounts.people import merge_people
from accounts.permissions import PUBLIC, SIGNED_IN, STAFF
from agencies.models import Agency
from digitization import uploads
from digitization.models import RegisteredDocument
from dossiers.correspondence import feedback
from dossiers.correspondence.messages import write_message
from dossiers.models import Dossier, DossierDocument, Folder, HandOver
from journal import outbox
from notices import delivery
from notices.models import Notice
from papers.models import Paper
from payments.models import Payment
from tests.factories.addresses import ADDRESSES, audience_of
from tests.factories.dossiers import handed_over, received, to_result
from tests.factories.moments import at
from tests.factories.people import PersonFactory, signed_in, staff_actor
from tests.factories.scans import drawn, scanned_pdf

pytestmark = pytest.mark.django_db
MORNING = at("2026-11-23 09:10")
RECORDS = ("own", "ended", "other_citizen", "other_agency", "merged")

# Addresses with parts that name nobody's record: procedures, calendars, wordings, routes, management, sign-in.
ABOUT_NOBODY = re.compile(
    r"openid/|procedures/|p/|guides/|manage/|profile/second-factor/|profile/authorisations/|payments/<slug|notices/report"
    r"|file/<str|feedback/desks|desk/new|desk/intake|track/|forms/|routes/|health|static|history/|api/v1/procedures"
    r"|reports/forms/|reports/trend"
    r"|files/drop|money/|api/v1/track|registers/<uuid|dossiers/bulk/<uuid|files/tus|choose-post|simulate|profile/"
    r"|national/files/"  # signed addresses, told to the national portal alone
)


class Marked:
    """A record and the marks that are found nowhere else."""

    def __init__(self, name, dossier, person):
        self.name, self.dossier, self.person = name, dossier, person
        number = 7000 + RECORDS.index(name)
        self.marks = [f"{word}{number}" for word in ("Qzten", "Qznoi", "Qztin", "Qzdia", "Qzkien")] + [
            f"0987{number}55"
        ]
        name_, content, message, address, opinion, phone = self.marks
        type(person).objects.filter(pk=person.pk).update(full_name=f"<u>{name_}</u>", address=f"<u>{address}</u>")
        Dossier.objects.filter(pk=dossier.pk).update(
            owner_name=f"<u>{name_}</u>",
            content=f"<u>{content}</u>",
            contact_address=f"<u>{address}</u>",
            contact_phone=phone,
            contact_email=f"{name_}@example.vn",
        )
        self.message, self.opinion = f"<u>{message}</u>", f"<u>{opinion}</u>"
        dossier.refresh_from_db()
        person.refresh_from_db()


@pytest.fixture
def world(cast, edition, media):
    """Five records: the citizen's own, one that has ended, another citizen's, another agency's, a merged person's."""
    made = {name: received(cast, edition, MORNING, key=name) for name in RECORDS}
    elsewhere = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk).first()
    far_centre = Agency.objects.get(kind=Agency.Kind.COMMUNE_CENTRE, territory=elsewhere.territory, valid_to=None)
    to_result(cast, made["ended"], MORNING)
    strangers = cast.stranger.account.person
    merged = PersonFactory(personal_number="027190000033", account=None)
    owners = {"own": cast.person, "ended": cast.person, "merged": merged}
    found = []
    for name, dossier in made.items():
        owner = owners.get(name, strangers)
        facts = {"owner_person": owner, "filer": owner}
        if name == "other_agency":
            desk = far_centre.desks.first()
            facts |= {
                "settling_agency": elsewhere, "receiving_agency": far_centre, "help_desk": desk, "return_desk": desk,
                "step": None,
            }  # fmt: skip
        Dossier.objects.filter(pk=dossier.pk).update(**facts)
        dossier.refresh_from_db()
        marked = Marked(name, dossier, owner)
        stored = uploads.store_file(
            ContentFile(scanned_pdf(drawn([name])), f"{marked.marks[0]}.pdf"),
            f"{marked.marks[0]}.pdf", dossier.reference, cast.counter,
        )  # fmt: skip
        line = DossierDocument.objects.filter(dossier=dossier, file=None).first()
        DossierDocument.objects.filter(pk=line.pk).update(file=stored)
        found.append(marked)
    for marked in found:
        if marked.name in ("own", "other_citizen"):
            applicant = cast.citizen if marked.name == "own" else cast.stranger
            write_message(marked.dossier, applicant, marked.message, as_applicant=True, at=MORNING)
            feedback.file_feedback(
                kind="complaint", text=marked.opinion, dossier=marked.dossier, by=applicant, at=MORNING, key=marked.name
            )
    handed_over(cast, [made["own"]])
    return {each.name: each for each in found}, elsewhere, far_centre


@pytest.fixture
def actors(cast, world):
    """Everybody who might look, with the names of the records they may read."""
    _records, elsewhere, far_centre = world
    agency = {"own", "ended", "other_citizen", "merged"}
    far = {"other_agency"}
    found = {
        "citizen": (cast.citizen, {"own", "ended"}),
        "stranger": (cast.stranger, {"other_citizen", "other_agency"}),
        "supervisor": (cast.supervisor, set()),
        "consulted": (cast.consulted, set()),
        "nobody": (None, set()),
    }
    found |= {role: (getattr(cast, role), agency) for role in ("counter", "officer", "head", "leader", "clerk")}
    for role in ("officer", "unit_head", "leader", "clerk"):
        found[f"far {role}"] = (staff_actor(f"xa.{role}", elsewhere, role), far)
    found["far counter"] = (staff_actor("xa.quay", far_centre, "counter", far_centre.desks.first()), far)
    for role in ("administrator", "controller"):
        found[role] = (staff_actor(f"tinh.{role}", "office", role), set())
    found["agency administrator"] = (staff_actor("xa.quantri", cast.agency, "administrator"), set())
    return found


def values_of(route, marked):
    """What fills the parts of an address for a record; None when the record has no such thing."""
    dossier = marked.dossier
    file = dossier.documents.exclude(file=None).values_list("file", flat=True).first()
    firsts = {
        "uid": {
            "payments/": lambda: Payment.objects.filter(charge__owner=dossier.reference).first(),
            "folders/records/": lambda: HandOver.objects.filter(items__folder__dossier=dossier).first(),
            "feedback/<uuid": lambda: dossier.feedback.first(),
            "work/feedback/": lambda: dossier.feedback.first(),
        }
    }
    for prefix, first in firsts["uid"].items():
        if route.startswith(prefix):
            record = first()
            return record and {"uid": record.uid, "action": "take"}
    if route.startswith("papers/"):
        paper = Paper.objects.filter(owner=dossier.reference).first()
        return paper and {"code": paper.code}
    if route.startswith("folders/<int"):
        folder = Folder.objects.filter(dossier=dossier).first()
        return folder and {"pk": folder.pk}
    if route.startswith(("files/", "desk/scans/<uuid")):
        return {"pk": file, "page": 1}
    if route.startswith("api/v1/files/"):
        return {"uid": file}
    if route.startswith("dossiers/<str:code>/files/"):
        return {"code": dossier.code, "pk": file}
    if route.startswith("desk/people/"):
        return {"pk": marked.person.pk}
    line = dossier.documents.first()
    kept = RegisteredDocument.objects.filter(source=dossier.reference).first()
    return {
        "code": dossier.code, "uid": dossier.uid, "pk": line.pk, "file": file, "action": "remind", "section": "request",
        "paper": line.required_document_id or 0,
        "document": kept.pk if kept else 0,
    }  # fmt: skip


FILLED = [
    (route, pattern) for route, pattern in ADDRESSES if pattern.pattern.converters and not ABOUT_NOBODY.match(route)
]
PLAIN = [
    (route, pattern)
    for route, pattern in ADDRESSES
    if not pattern.pattern.converters and pattern.name and not route.startswith(("health", "static", "jsi18n"))
]
# A counter takes anybody in, with the card in hand: the record of a person is theirs to open.
COUNTERS_OPEN = {"counter-person"}
# Said to everybody who has the code, without a name (the page of tracking).
SAID_TO_ALL = {"track-dossier"}


def _let_in(actor, audience):
    if actor is None:
        return PUBLIC in audience
    return bool(audience & {PUBLIC, SIGNED_IN, actor.role} or (STAFF in audience and actor.is_staff))


def _hidden(marked, actor, route):
    """The marks that may not be seen; what a complaint says is for supervisors, to whom complaints go."""
    told = actor is not None and actor.role == "supervisor" and "feedback" in route
    return [mark for mark in marked.marks if not (told and mark == marked.marks[4])]


def _content(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _body(answer):
    """What somebody reads of it: of a workbook the text of its parts."""
    content = _content(answer)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", "replace")


def test_every_address_is_filled_or_about_nobody():
    kwargs = {"code", "uid", "pk", "file", "action", "section", "page", "paper", "document"}
    for route, pattern in FILLED:
        assert set(pattern.pattern.converters) <= kwargs, f"say in this file which record {route} shows"


def test_who_may_not_read_a_record_finds_nothing_of_it_at_its_addresses(world, actors):
    records, _elsewhere, _centre = world
    tried = opened = 0
    filled = {(route, name): values_of(route, records[name]) for route, _pattern in FILLED for name in records}
    for who, (actor, readable) in actors.items():
        client = signed_in(actor) if actor else Client()
        for route, pattern in FILLED:
            if not _let_in(actor, audience_of(pattern.callback)):
                continue
            for name, marked in records.items():
                values = filled[route, name]
                if values is None:
                    continue
                wanted = {key: values[key] for key in pattern.pattern.converters}
                answer = client.get(reverse(pattern.name, kwargs=wanted))
                case = f"{who} at {route} of {name}: {answer.status_code}"
                assert answer.status_code < 500, case
                body = _body(answer)
                tried += 1
                if name in readable or (pattern.name in COUNTERS_OPEN and actor and actor.role == "counter"):
                    opened += answer.status_code == 200
                    continue
                for mark in _hidden(marked, actor, route):
                    assert mark not in body, f"{case} shows {mark}"
                if pattern.name.startswith(("file", "paper", "payment", "dossier-", "my-dossier")):
                    assert answer.status_code != 200 or answer["Content-Type"].startswith("text/html"), case
    assert tried > 500
    assert opened > 100


def test_lists_searches_and_exports_show_only_what_their_reader_may_read(world, actors):
    records, _elsewhere, _centre = world
    for who, (actor, readable) in actors.items():
        client = signed_in(actor) if actor else Client()
        for route, pattern in PLAIN:
            if not _let_in(actor, audience_of(pattern.callback)) or "sign-out" in route:
                continue
            queries = [""] if pattern.name not in ("reports-list", "reports-export") else ["?measure=received"]
            queries += ["?view=unit"] if pattern.name in ("work", "work-messages") else []
            for query in queries:
                answer = client.get(reverse(pattern.name) + query)
                body = _body(answer)
                case = f"{who} at {route}{query}: {answer.status_code}"
                assert answer.status_code < 500 or pattern.name == "health-ready", case
                for name, marked in records.items():
                    for mark in marked.marks:
                        hidden = name not in readable and mark in _hidden(marked, actor, route)
                        assert not hidden or mark not in body, f"{case} shows {mark} of {name}"
                        if answer["Content-Type"].startswith("text/html"):
                            assert f"<u>{mark}" not in body, f"{case} shows {mark} as it was typed"


def test_pages_of_ones_own_show_what_was_typed_as_text(world, actors, cast):
    records, _elsewhere, _centre = world
    for who, name in (("citizen", "own"), ("officer", "own"), ("counter", "own"), ("stranger", "other_citizen")):
        actor, _readable = actors[who]
        client, marked = signed_in(actor), records[name]
        shown = "my-dossier" if actor.post is None else "dossier"
        key = marked.dossier.uid if actor.post is None else marked.dossier.code
        for address in (reverse(shown, args=[key]), reverse(f"{shown}-messages", args=[key])):
            body = _body(client.get(address))
            assert any(mark in body for mark in marked.marks), f"{who} at {address}"
            for mark in marked.marks:
                assert f"<u>{mark}" not in body, f"{who} at {address}"


# Lists that are taken along as files, and how each is asked for.
EXPORTS = {
    "reports-export": "?measure=received", "reports-table-xlsx": "", "documents": "?csv=1", "money-report": "?as=xlsx",
}  # fmt: skip


def test_no_export_takes_what_people_typed_for_a_formula(world, actors, cast):
    """Planted in the fields that lists print; every CSV file and workbook that somebody gets is read cell by cell."""
    formula = "=Qzcong(7)"
    Dossier.objects.update(owner_name=formula, content=formula, contact_address=formula)
    RegisteredDocument.objects.update(holder_name=formula, name=formula)
    DossierDocument.objects.update(name=formula)
    Account.objects.filter(pk=cast.officer.account.pk).update(full_name=formula)
    Agency.objects.filter(pk=cast.agency.pk).update(name=formula)
    files = planted = 0
    for who in ("clerk", "leader", "supervisor"):
        client = signed_in(actors[who][0])
        for name, query in EXPORTS.items():
            answer = client.get(reverse(name) + query)
            if answer.status_code != 200:
                continue
            content, kind = _content(answer), answer.headers["Content-Type"]
            if kind.startswith("text/csv"):
                rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
                cells = [cell for row in rows for cell in row]
                formulas = [cell for cell in cells if cell.startswith("=")]
            else:
                assert "spreadsheetml" in kind, f"{who} at {name}: {kind}"
                book = openpyxl.load_workbook(io.BytesIO(content))
                found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
                cells, formulas = [str(cell.value) for cell in found], [c for c in found if c.data_type == "f"]
            assert not formulas, f"{who} at {name}"
            files += 1
            planted += any("Qzcong" in cell for cell in cells)
    assert files > 5
    assert planted > 2, "nothing that was planted stands in them"


def test_letters_carry_text_alone_and_one_line_of_subject(world, actors, mailbox):
    """What was typed goes into e-mails as it is: they are plain text, and no line of it becomes a header."""
    records, _elsewhere, _centre = world
    Dossier.objects.filter(pk=records["own"].dossier.pk).update(content="<u>Qz</u>\r\nBcc: ke.gian@example.vn")
    outbox.dispatch_messages(at=MORNING.replace(year=2027))
    delivery.send_due(at=MORNING.replace(year=2028))
    assert mailbox.taken
    for address, letter in mailbox.taken:
        assert letter.get_content_type() == "text/plain"
        assert "ke.gian" not in address
        assert letter["Bcc"] is None
        assert "\n" not in letter["Subject"]


def test_searching_finds_only_what_the_searcher_may_read(world, actors):
    records, _elsewhere, _centre = world
    for who, (actor, readable) in actors.items():
        if actor is None or actor.role not in ("counter", "officer", "unit_head", "leader", "clerk"):
            continue
        client = signed_in(actor)
        address = reverse("desk-search" if actor.role == "counter" else "work-search")
        for name, marked in records.items():
            for words in (marked.marks[0], marked.dossier.code):
                body = _body(client.post(address, {"q": words}, follow=True))
                rows = body.count(f'href="{reverse("dossier", args=[marked.dossier.code])}"')
                assert bool(rows) <= (name in readable), f"{who} finds {name} by {words}"


def test_notices_tell_nobody_of_anothers_record(world, actors):
    records, _elsewhere, _centre = world
    outbox.dispatch_messages(at=MORNING.replace(year=2027))
    readers = {actor.account.pk: readable for actor, readable in actors.values() if actor}
    told = list(Notice.objects.exclude(account=None))
    assert told
    for notice in told:
        for name, marked in records.items():
            if name in readers.get(notice.account_id, set(RECORDS)):
                continue
            for mark in marked.marks:
                assert mark not in f"{notice.subject} {notice.body}", f"{notice.kind} tells {mark} of {name}"


def test_who_was_merged_into_another_is_read_through_that_record_alone(world, cast):
    records, _elsewhere, _centre = world
    merged = records["merged"]
    merge_people(merged.person, into=cast.person, by=cast.counter, reason="Cùng một người", at=MORNING)
    own = signed_in(cast.citizen).get(reverse("my-dossier", args=[merged.dossier.uid]))
    strange = signed_in(cast.stranger).get(reverse("my-dossier", args=[merged.dossier.uid]))
    assert (own.status_code, strange.status_code) == (200, 404)
