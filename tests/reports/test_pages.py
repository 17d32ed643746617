"""The head's page over HTTP: who sees what, the way from a number to its list, a reminder, the file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from dossiers.models import Dossier, DossierEvent, State
from journal import outbox
from notices.models import Notice
from reports import exports
from reports.indicators import MEASURES
from tests.factories.dossiers import filed_online, received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_drawn_once")]
MOST_QUERIES = 25


@pytest.fixture
def now(monkeypatch):
    """The moment at which every page of a test is asked for."""
    moment = at("2026-11-18 11:00")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def make(cast, edition, moment, n, prefix="p"):
    found = [received(cast, edition, moment, key=f"{prefix}{i}") for i in range(n)]
    Dossier.objects.filter(pk__in=[d.pk for d in found]).update(due_at=moment - timedelta(days=1))
    return found


def cards(page):
    """{address: number} of the page's figures."""
    return {
        address.replace("&amp;", "&"): int(number)
        for address, number in re.findall(r'oss-stat__number oss-number" href="([^"]+)">(\d+)<', page)
    }


def test_every_number_opens_a_list_as_long(cast, edition, now):
    make(cast, edition, now, 3)
    client = signed_in(cast.head)
    figures = cards(client.get(reverse("reports")).content.decode())
    assert len(figures) >= 12
    for address, number in figures.items():
        answer = client.get(address)
        assert answer.context["total"] == number == len(answer.context["rows"]), address
    assert [n for a, n in figures.items() if "measure=overdue" in a] == [3]


def test_a_list_is_paged_and_goes_on(cast, edition, now):
    make(cast, edition, now, 32)
    client = signed_in(cast.head)
    first = client.get(reverse("reports-list"), {"measure": "overdue"})
    rest = client.get(reverse("reports-list") + first.context["page"].next_url)
    codes = [row["dossier"].code for page in (first, rest) for row in page.context["rows"]]
    assert len(codes) == len(set(codes)) == 32 == first.context["total"]


@pytest.mark.parametrize("who", ["head", "leader"])
def test_a_head_sees_the_own_agency_alone(cast, edition, now, who):
    mine, other = make(cast, edition, now, 2)
    elsewhere = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC).exclude(pk=cast.agency.pk).first()
    Dossier.objects.filter(pk=other.pk).update(settling_agency=elsewhere)
    client = signed_in(getattr(cast, who))
    shown = client.get(reverse("reports-list"), {"measure": "received"})
    assert [row["dossier"].pk for row in shown.context["rows"]] == [mine.pk]
    assert client.get(reverse("reports"), {"agency": elsewhere.pk}).status_code == 404
    assert client.get(reverse("reports-export"), {"agency": elsewhere.pk}).status_code == 404
    assert "agencies" not in client.get(reverse("reports")).context


def test_a_supervisor_sees_the_province_and_picks_an_agency(cast, edition, now):
    make(cast, edition, now, 2)
    client = signed_in(cast.supervisor)
    page = client.get(reverse("reports"), {"q": "kinh bac"})
    [row] = [row for row in page.context["agencies"] if row["name"] == cast.agency.name]
    numbers = {cell["label"]: cell["number"] for cell in row["cells"]}
    assert numbers[MEASURES["overdue"].label] == "2"
    picked = client.get(reverse("reports") + row["url"])
    assert picked.context["scope"].agency == cast.agency
    figures = cards(picked.content.decode())
    assert [n for a, n in figures.items() if "measure=overdue" in a and f"agency={cast.agency.pk}" in a] == [2]


def test_the_table_names_agencies_that_have_dossiers(cast, edition, now):
    client = signed_in(cast.supervisor)
    assert not client.get(reverse("reports")).context["agencies"]
    make(cast, edition, now, 1)
    assert [row["name"] for row in client.get(reverse("reports")).context["agencies"]] == [cast.agency.name]


def test_agencies_are_found_by_name_and_paged_whole(cast):
    client, seen, address = signed_in(cast.supervisor), [], reverse("reports") + "?q=uy+ban+nhan+dan"
    while address:
        page = client.get(address)
        seen += [row["name"] for row in page.context["agencies"]]
        following = page.context["next_url"]
        address = reverse("reports") + following if following else ""
    assert len(seen) == len(set(seen)) >= 99


@pytest.mark.parametrize("who", ["citizen", "counter", "officer", "clerk"])
def test_others_are_refused(cast, who):
    client = signed_in(getattr(cast, who))
    for name in ("reports", "reports-list", "reports-export"):
        assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse("reports-remind", args=["x"])).status_code == 403


@pytest.mark.parametrize("who", ["head", "supervisor"])
@pytest.mark.parametrize("name", ["reports", "reports-list"])
def test_queries_do_not_grow_with_the_dossiers(cast, edition, now, who, name):
    client = signed_in(getattr(cast, who))
    make(cast, edition, now, 2)
    few = _queries(client, name)
    make(cast, edition, now, 10, prefix="q")
    assert few == _queries(client, name) <= MOST_QUERIES


def _queries(client, name):
    client.get(reverse(name))
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(reverse(name)).status_code == 200
    return len(found)


def test_one_tap_reminds_and_comes_back(cast, edition, now):
    [dossier] = make(cast, edition, now, 1)
    client = signed_in(cast.head)
    back = reverse("reports-list") + "?measure=overdue"
    form = {"revision": dossier.revision, "next": back}
    address = reverse("reports-remind", args=[dossier.code])
    answer = client.post(address, form)
    assert answer.status_code == 302
    assert answer["Location"] == back
    again = client.post(address, form, follow=True)  # a double click reminds once, and says what came first
    assert DossierEvent.objects.filter(dossier=dossier, action="remind").count() == 1
    assert dossier.code in "".join(str(m) for m in again.context["messages"])
    assert again.context["rows"][0]["reminded_at"]


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "reports", "no.such", "javascript:x", ""])
def test_a_reminder_leads_nowhere_else(cast, edition, now, address):
    [dossier] = make(cast, edition, now, 1)
    answer = signed_in(cast.head).post(reverse("reports-remind", args=[dossier.code]), {"next": address})
    assert answer["Location"] == reverse("reports")


def test_an_unanswered_online_filing_can_be_reminded_of_and_the_counter_is_told(cast, edition, now):
    dossier = filed_online(cast, edition, now - timedelta(days=3))
    client = signed_in(cast.head)
    shown = client.get(reverse("reports-list"), {"measure": "unanswered"})
    assert [row["may_remind"] for row in shown.context["rows"]] == [True]
    client.post(reverse("reports-remind", args=[dossier.code]), {"revision": dossier.revision})
    outbox.dispatch_messages(at=now + timedelta(minutes=1))
    event = dossier.events.get(action="remind")
    told = Notice.objects.get(account=cast.counter.account, key__startswith=f"event:{event.pk}:", channel="portal")
    assert "Hạn trả lời người nộp" in told.body
    dossier.refresh_from_db()
    assert dossier.state == State.FILED


def test_the_table_is_sorted_by_any_column_and_has_totals(cast, edition, now):
    first, *others = make(cast, edition, now, 3)
    elsewhere = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC).exclude(pk=cast.agency.pk).first()
    Dossier.objects.filter(pk=first.pk).update(settling_agency=elsewhere)
    client = signed_in(cast.supervisor)
    for sort, names in (
        ("overdue", [elsewhere.name, cast.agency.name]),
        ("-overdue", [cast.agency.name, elsewhere.name]),
        ("-name", sorted([cast.agency, elsewhere], key=lambda one: one.sort_key, reverse=True)),
        ("nonsense", sorted([cast.agency, elsewhere], key=lambda one: one.sort_key)),
    ):
        page = client.get(reverse("reports"), {"sort": sort})
        assert [row["name"] for row in page.context["agencies"]] == [getattr(one, "name", one) for one in names], sort
    total = {str(cell["label"]): cell["number"] for cell in page.context["total_row"]["cells"]}
    assert total[str(MEASURES["overdue"].label)] == "3"
    assert page.context["total_row"]["cells"][-1]["share"] == 0.0


@pytest.mark.parametrize("page", ["0", "x", "99", "-1", "9" * 30])
def test_a_page_of_the_table_that_is_none(cast, edition, now, page):
    make(cast, edition, now, 1)
    shown = signed_in(cast.supervisor).get(reverse("reports"), {"page": page})
    assert shown.status_code == 200
    assert len(shown.context["agencies"]) == 1


@pytest.mark.parametrize("who", ["head", "leader"])
def test_a_head_begins_where_the_agency_stands_and_sees_what_waits(cast, edition, now, who):
    client = signed_in(getattr(cast, who))
    landed = client.get(reverse("after-sign-in"))
    assert landed["Location"] == reverse("reports")
    assert reverse("work") in client.get(landed["Location"]).content.decode()


def test_an_ended_dossier_is_not_reminded_of(cast, edition, now):
    [dossier] = make(cast, edition, now, 1)
    Dossier.objects.filter(pk=dossier.pk).update(state=State.DONE, finished_at=now)
    client = signed_in(cast.head)
    shown = client.get(reverse("reports-list"), {"measure": "finished"})
    assert not shown.context["rows"][0]["may_remind"]
    client.post(reverse("reports-remind", args=[dossier.code]))
    assert not DossierEvent.objects.filter(action="remind").exists()


def test_own_days_bound_the_numbers(cast, edition, now):
    make(cast, edition, now, 1)
    client, day = signed_in(cast.head), timezone.localdate(now)
    for first, number in ((day, 1), (day + timedelta(days=1), 0)):
        days = {"period": "custom", "first": f"{first:%d/%m/%Y}", "last": f"{first + timedelta(days=1):%d/%m/%Y}"}
        figures = cards(client.get(reverse("reports"), days).content.decode())
        assert [n for a, n in figures.items() if "measure=received" in a] == [number]


@pytest.mark.parametrize(
    "days",
    [
        {"first": "31/02/2026", "last": "01/03/2026"},
        {"first": "02/03/2026", "last": "01/03/2026"},
        {"first": "", "last": ""},
        {"first": "01/01/0001", "last": "31/12/9999"},
    ],
)
def test_wrong_days_are_said_and_show_this_month(cast, days):
    for name in ("reports", "reports-list"):
        answer = signed_in(cast.head).get(reverse(name), {"period": "custom", **days})
        assert answer.status_code == 422
        assert answer.context["form"].errors
        assert answer.context["period"].key == "this_month"


@pytest.mark.parametrize("query", ["agency=x", "agency=99999999999999999999", "agency=0", "measure=unheard"])
def test_an_address_that_names_nothing(cast, query):
    assert signed_in(cast.supervisor).get(f"{reverse('reports-list')}?{query}").status_code == 404


def test_the_file_holds_the_list(cast, edition, now):
    first, second = make(cast, edition, now, 2)
    Dossier.objects.filter(pk=second.pk).update(owner_name="=HYPERLINK(1)")
    answer = signed_in(cast.head).get(reverse("reports-export"), {"measure": "overdue"})
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert "attachment" in answer["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(text[1:]))
    assert [row[0] for row in rows] == [first.code, second.code]
    assert {len(row) for row in rows} == {len(head)}
    assert rows[0][-1].startswith("quá "), "how much it is over, in working days and hours"
    assert rows[1][1] == "'=HYPERLINK(1)"  # a spreadsheet must not run what an applicant typed


def test_a_file_too_long_is_refused_in_a_sentence(cast, edition, now, monkeypatch):
    make(cast, edition, now, 2)
    monkeypatch.setattr(exports, "AT_MOST", 1)
    answer = signed_in(cast.head).get(reverse("reports-export"), {"measure": "overdue"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("reports-list"))
    assert len(answer.context["messages"]) == 1


def test_in_english(cast, edition, now):
    make(cast, edition, now, 1)
    client = signed_in(cast.supervisor)
    client.cookies["django_language"] = "en"
    for name in ("reports", "reports-list"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200
        assert b'lang="en"' in answer.content


@pytest.mark.parametrize(
    ("moment", "key"),
    [("2026-12-01 16:00", "last_month"), ("2026-12-02 08:00", "this_month"), ("2026-11-02 08:00", "last_month")],
)
def test_a_month_that_has_just_begun_shows_the_last_one(cast, monkeypatch, moment, key):
    monkeypatch.setattr(timezone, "now", lambda: at(moment))
    page = signed_in(cast.leader).get(reverse("reports"))
    assert page.context["period"].key == key
    assert page.context["instead"] == (key == "last_month")
    asked = signed_in(cast.leader).get(reverse("reports"), {"period": "this_month"})
    assert asked.context["period"].key == "this_month"
