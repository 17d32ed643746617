"""Role × address × record: whoever may not read a record finds nothing of it at any address, page, file or API.

Each record carries marks of its own in every field that somebody types, tags among them. Who may read which record is
written here by hand; the addresses come from the URL configuration, and an address with a part that is neither filled
here nor said to be about nobody fails.
"""

import csv
import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from accounts.people import merge_people
from agencies.models import Agency
from digitization.models import RegisteredDocument
from dossiers.models import Dossier, DossierDocument
from journal import outbox
from notices import delivery
from notices.models import Notice
from tests.factories.addresses import audience_of
from tests.factories.people import PersonFactory, signed_in
from tests.factories.record_table import (
    FILLED,
    MORNING,
    PLAIN,
    RECORDS,
    ask_for_records,
    body_of,
    build_records,
    content_of,
    hidden_marks,
    is_let_in_at,
    readers,
)
from tests.factories.tables import draw_refusals_once, remember_readers

# The table is one test of some thousand requests; what it takes on a machine that others use says nothing.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1_200), pytest.mark.usefixtures("papers_drawn_once")]


@pytest.fixture
def world(cast, edition, media):
    return build_records(cast, edition)


@pytest.fixture
def actors(cast, world):
    _records, elsewhere, far_centre = world
    return readers(cast, elsewhere, far_centre)


def test_every_address_is_filled_or_about_nobody():
    kwargs = {"code", "uid", "pk", "file", "action", "section", "page", "paper", "document"}
    for route, pattern in FILLED:
        assert set(pattern.pattern.converters) <= kwargs, f"say in this file which record {route} shows"


def test_who_may_not_read_a_record_finds_nothing_of_it_at_its_addresses(world, actors, monkeypatch):
    remember_readers(monkeypatch)
    draw_refusals_once(monkeypatch)
    records, _elsewhere, _centre = world
    here = {who: actors[who] for who in actors if not who.startswith("far")}
    tried, opened = ask_for_records(records, here)
    assert tried > 500
    assert opened > 100


def test_lists_searches_and_exports_show_only_what_their_reader_may_read(world, actors, monkeypatch):
    remember_readers(monkeypatch)
    draw_refusals_once(monkeypatch)
    records, _elsewhere, _centre = world
    for who, (actor, readable) in actors.items():
        client = signed_in(actor) if actor else Client()
        for route, pattern in PLAIN:
            if not is_let_in_at(actor, audience_of(pattern.callback)) or "sign-out" in route:
                continue
            queries = [""] if pattern.name not in ("reports-list", "reports-export") else ["?measure=received"]
            queries += ["?view=unit"] if pattern.name in ("work", "work-messages") else []
            for query in queries:
                answer = client.get(reverse(pattern.name) + query)
                body = body_of(answer)
                case = f"{who} at {route}{query}: {answer.status_code}"
                assert answer.status_code < 500 or pattern.name == "health-ready", case
                for name, marked in records.items():
                    for mark in marked.marks:
                        hidden = name not in readable and mark in hidden_marks(marked, actor, route)
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
            body = body_of(client.get(address))
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
            content, kind = content_of(answer), answer.headers["Content-Type"]
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


def test_searching_finds_only_what_the_searcher_may_read(world, actors, monkeypatch):
    remember_readers(monkeypatch)
    draw_refusals_once(monkeypatch)
    records, _elsewhere, _centre = world
    for who, (actor, readable) in actors.items():
        if actor is None or actor.role not in ("counter", "officer", "unit_head", "leader", "clerk"):
            continue
        client = signed_in(actor)
        address = reverse("desk-search" if actor.role == "counter" else "work-search")
        for name, marked in records.items():
            for words in (marked.marks[0], marked.dossier.code):
                body = body_of(client.post(address, {"q": words}, follow=True))
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


def test_who_was_merged_twice_is_one_step_from_the_record_that_holds(cast):
    """What people see of looks at them, and what is erased with them, goes one step."""
    first, last = PersonFactory(account=None), PersonFactory(account=None)
    how = {"by": cast.counter, "reason": "Cùng một người", "at": MORNING}
    merge_people(first, into=cast.person, **how)
    merge_people(cast.person, into=last, **how)
    first.refresh_from_db()
    assert first.merged_into == last
