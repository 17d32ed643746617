"""Five records with marks of their own, everybody who might look at them, and what fills an address for each.

Used by the tests of role × address × record.
"""

import io
import re
import zipfile

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import Authorisation
from accounts.permissions import PUBLIC, SIGNED_IN, STAFF
from agencies.models import Agency
from digitization import uploads
from digitization.models import RegisteredDocument
from dossiers.correspondence import feedback
from dossiers.correspondence.messages import write_message
from dossiers.models import Dossier, DossierDocument, Folder, HandOver
from papers.models import Paper
from payments.models import Charge, Receipt
from payments.settlement import take_cash
from tests.factories.addresses import ADDRESSES, audience_of
from tests.factories.charges import charge_thing
from tests.factories.dossiers import handed_over, received, to_result
from tests.factories.moments import at
from tests.factories.people import PersonFactory, signed_in, staff_actor
from tests.factories.scans import drawn, scanned_pdf

MORNING = at("2026-11-23 09:10")
RECORDS = ("own", "ended", "other_citizen", "other_agency", "merged")

# Addresses with parts that name nobody's record: procedures, calendars, wordings, routes, management, sign-in.
ABOUT_NOBODY = re.compile(
    r"openid/|procedures/|p/|guides/|manage/|profile/second-factor/|payments/<slug|notices/report"
    r"|file/<str|feedback/desks|desk/new|desk/intake|track/|forms/|routes/|health|static|history/|api/v1/procedures"
    r"|reports/forms/|reports/trend"
    r"|files/drop|money/|api/v1/track|registers/<uuid|dossiers/bulk/<uuid|files/tus|choose-post|simulate"
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


def build_records(cast, edition):
    """Five records by their names, and another agency with its centre.

    The citizen's own, one that has ended, another citizen's, another agency's, a merged person's.
    """
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
        Authorisation.objects.create(
            grantee=PersonFactory(full_name=f"<u>{marked.marks[0]}</u>", account=None), grantor_person=owner,
            grantor_name=marked.marks[0], grantor_number="1", paper=marked.marks[1], valid_from=MORNING.date(),
            confirmed_at=MORNING, confirmed_by=cast.counter.post,
        )  # fmt: skip
        charge = charge_thing(
            dossier.reference, title=f"{dossier.code} · {marked.marks[1]}", payer_name=f"<u>{marked.marks[0]}</u>",
            agency_code=dossier.receiving_agency.code,
        )  # fmt: skip
        if name != "merged":  # one waits, so that pages of paying are seen too
            take_cash(charge, by=cast.counter.label, at=MORNING, cashier=cast.counter.account_id)
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


def readers(cast, elsewhere, far_centre):
    """Everybody who might look, with the names of the records they may read."""
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
            "payments/": lambda: Charge.objects.filter(owner=dossier.reference).first(),
            "folders/records/": lambda: HandOver.objects.filter(items__folder__dossier=dossier).first(),
            "feedback/<uuid": lambda: dossier.feedback.first(),
            "work/feedback/": lambda: dossier.feedback.first(),
        }
    }
    for prefix, first in firsts["uid"].items():
        if route.startswith(prefix):
            record = first()
            receipt = Receipt.objects.filter(payment__charge__owner=dossier.reference).first()
            return record and {"uid": record.uid, "action": "take", "pk": receipt.pk if receipt else 0}
    if route.startswith("profile/authorisations/"):
        return {"pk": Authorisation.objects.get(grantor_name=marked.marks[0]).pk}
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
# A counter takes anybody in, with the card in hand: the record of a person, and what they gave, is theirs to open.
COUNTERS_OPEN = {"counter-person", "authorisation-revoke"}
# Said to everybody who has the code, without a name (the page of tracking).
SAID_TO_ALL = {"track-dossier"}


def is_let_in_at(actor, audience):
    if actor is None:
        return PUBLIC in audience
    return bool(audience & {PUBLIC, SIGNED_IN, actor.role} or (STAFF in audience and actor.is_staff))


def hidden_marks(marked, actor, route):
    """The marks that may not be seen; what a complaint says is for supervisors, to whom complaints go."""
    told = actor is not None and actor.role == "supervisor" and "feedback" in route
    return [mark for mark in marked.marks if not (told and mark == marked.marks[4])]


def content_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def body_of(answer):
    """What somebody reads of it: of a workbook the text of its parts."""
    content = content_of(answer)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", "replace")


def ask_for_records(records, actors):
    """Ask for each record at each of its addresses as each of `actors` whom that address lets in.

    Fails where something of a record is shown to who may not read it. Returns how often was asked, and how often a
    record opened to who may.
    """
    tried = opened = 0
    filled = {(route, name): values_of(route, records[name]) for route, _pattern in FILLED for name in records}
    for who, (actor, readable) in actors.items():
        client = signed_in(actor) if actor else Client()
        for route, pattern in FILLED:
            if not is_let_in_at(actor, audience_of(pattern.callback)):
                continue
            for name, marked in records.items():
                values = filled[route, name]
                if values is None:
                    continue
                wanted = {key: values[key] for key in pattern.pattern.converters}
                answer = client.get(reverse(pattern.name, kwargs=wanted))
                case = f"{who} at {route} of {name}: {answer.status_code}"
                assert answer.status_code < 500, case
                body = body_of(answer)
                tried += 1
                if name in readable or (pattern.name in COUNTERS_OPEN and actor and actor.role == "counter"):
                    opened += answer.status_code == 200
                    continue
                for mark in hidden_marks(marked, actor, route):
                    assert mark not in body, f"{case} shows {mark}"
                if pattern.name.startswith(("file", "paper", "payment", "dossier-", "my-dossier")):
                    assert answer.status_code != 200 or answer["Content-Type"].startswith("text/html"), case
    return tried, opened
