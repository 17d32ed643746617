"""Tables of figures: a table as a province published it, on the page, in the spreadsheet and over the API."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Agency
from dossiers.models import Dossier, State
from procedures.models import Channel, Competence, Procedure
from reports import figures, tables
from reports.cuts import CUTS
from reports.indicators import INDICATORS, MEASURES, SHARES
from reports.indicators.account import FORM_CHECKS, FORM_COLUMNS
from reports.indicators.kinds import Unit
from reports.population import EVERYTHING
from tests import databases
from tests.factories.dossiers import copies, received
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.systems import connected_system

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("moments_anew"),
    pytest.mark.usefixtures("papers_drawn_once"),
]
# Procedures offered, received, settled early, overdue; early of received as printed.
PUBLISHED = [
    (121, 3600, 3500, 0, "97,2 %"),
    (138, 1829, 1677, 0, "91,7 %"),
    (123, 9852, 7360, 0, "74,7 %"),
    (39, 653, 588, 61, "90,0 %"),
]
QUARTER = {"period": "2025-Q4", "set": "published", "by": "agency"}


@pytest.fixture(scope="module")  # before the test's transaction begins
def small_tables(django_db_setup, django_db_blocker):
    """Tables without the pages that rolled back tests leave in them, by which the database plans badly."""
    with django_db_blocker.unblock():
        databases.renew()


@pytest.fixture
def published(small_tables, cast, edition):
    """Four departments with what a province published of them for a quarter; today is later."""
    model = received(cast, edition, at("2025-11-10 09:00"))
    departments = list(Agency.objects.filter(kind=Agency.Kind.DEPARTMENT, valid_to=None).order_by("pk")[:4])
    procedures = list(Procedure.objects.filter(kind="receivable").select_related("current").order_by("pk")[:150])
    Competence.objects.all().delete()
    due, due_later, finished = at("2025-11-20 17:00"), at("2099-01-01 09:00"), at("2025-11-14 10:00")
    for department, (offered, received_count, early, overdue, _share) in zip(departments, PUBLISHED, strict=True):
        mine = {"settling_agency_id": department.pk}
        copies(model, early, **mine, state=State.DONE, due_at=due, finished_at=finished, step_id=None)
        copies(model, overdue, **mine, due_at=due)
        copies(model, received_count - early - overdue, **mine, due_at=due_later)
        Competence.objects.bulk_create(
            Competence(
                procedure=procedure,
                level=procedure.current.levels[0],
                case=department.key,
                agency_key=department.key,
                state="confirmed",
            )
            for procedure in procedures[:offered]
        )
    Dossier.objects.filter(pk=model.pk).update(received_at=at("2020-01-01 09:00"), due_at=due_later)
    return departments


def test_a_published_table_is_reproduced_to_the_digit(published, cast):
    supervisor = signed_in(cast.supervisor)
    page = supervisor.get(reverse("reports-table"), QUARTER)
    shown = {row["name"]: row["cells"] for row in page.context["rows"]}
    book = load_workbook(io.BytesIO(supervisor.get(reverse("reports-table-xlsx"), QUARTER).content))
    sheet = {row[0].value: row for row in book.worksheets[0].iter_rows()}
    caller = connected_system("statistics office", scopes=("statistics",))
    answered = caller.get("statistics/", QUARTER)
    rows = {row["name"]: row for row in answered.json()["rows"]}
    text = caller.get("statistics/", QUARTER, Accept="text/csv").content.decode()
    lines = {line["name"]: line for line in csv.DictReader(io.StringIO(text))}
    html = page.content.decode()
    for department, (offered, count, early, overdue, share) in zip(published, PUBLISHED, strict=True):
        name, percent = department.name, float(share.removesuffix(" %").replace(",", "."))
        cells = shown[name]
        assert [cell["number"].replace(".", "") for cell in (cells[0], cells[1], cells[2], cells[4])] == [
            str(number) for number in (offered, count, early, overdue)
        ]
        assert share in html
        assert [cell.value for cell in sheet[name]][1:4] == [offered, count, early]
        assert round(sheet[name][4].value * 100, 1) == percent
        assert sheet[name][4].number_format == "0.0%"
        assert rows[name]["early_of_received"] == percent
        assert (rows[name]["received"], rows[name]["overdue"]) == (count, overdue)
        assert (lines[name]["early_of_received"], lines[name]["overdue"]) == (str(percent), str(overdue))
    total = answered.json()["total"]
    assert (total["received"], total["early"], total["overdue"]) == (15934, 13125, 61)
    # What one offers is offered in a quarter without any filing too, and is its sum.
    quiet = supervisor.get(reverse("reports-table"), {**QUARTER, "period": "2024-Q1", "agency": published[0].pk})
    row, last = quiet.context["rows"][0], quiet.context["total_row"]
    assert [each["cells"][0]["number"] for each in (row, last)] == [str(PUBLISHED[0][0])] * 2


def test_every_number_of_a_table_opens_a_list_as_long(cast, edition):
    received(cast, edition, at("2025-11-10 09:00"))
    supervisor = signed_in(cast.supervisor)
    for cut in CUTS:
        page = supervisor.get(reverse("reports-table"), {**QUARTER, "by": cut, "set": "reception"})
        [row] = page.context["rows"]
        links = [cell for cell in row["cells"] if cell["url"]]
        assert links
        for cell in links:
            assert str(supervisor.get(cell["url"]).context["total"]) == cell["number"] == "1"


def test_the_account_of_a_period_balances(cast, edition):
    """Whatever a dossier went through, and whichever period is asked for, each column is the sum of its parts."""
    one = received(cast, edition, at("2025-10-10 09:00"))
    moments = [None, at("2025-10-20 16:00"), at("2025-11-20 17:00"), at("2025-12-20 09:00")]
    dues = [None, at("2025-10-20 17:00"), at("2025-11-20 16:00"), at("2026-12-20 09:00")]
    for channel in (Channel.ONLINE, Channel.COUNTER):
        for due in dues:
            for ended in moments:
                facts = {"channel": channel, "due_at": due, "step_id": None}
                copies(one, 1, **facts, finished_at=ended, state=State.DONE if ended else State.PROCESSING)
                if ended:
                    copies(one, 1, **facts, finished_at=ended, closed_at=ended, state=State.STOPPED)
    names, seen = list(FORM_COLUMNS.values()), set()
    for since, until in (("2025-10-01", "2025-11-01"), ("2025-11-01", "2025-12-01"), ("2025-12-01", "2026-12-01")):
        asked = figures.period_asked(at(f"{since} 00:00"), at(f"{until} 00:00"), at=at("2026-01-05 09:00"))
        counted = figures.totals(EVERYTHING, asked, names)
        columns = {number: counted[name] for number, name in FORM_COLUMNS.items()}
        for whole, parts in FORM_CHECKS:
            assert columns[whole] == sum(columns[part] for part in parts), (since, whole, columns)
        seen |= {number for number, count in columns.items() if count}
        for number, name in FORM_COLUMNS.items():
            assert figures.dossiers_listed(EVERYTHING.dossiers, MEASURES[name], asked).count() == columns[number]
    assert seen == set(FORM_COLUMNS)


def test_a_timely_agency_and_one_that_lets_everything_lie_have_three_different_shares():
    counted = {"early": 3, "on_time": 1, "late": 1, "missed": 5, "received": 10}
    found = figures.shares(counted)
    assert found == {"early_of_received": 0.3, "on_time_of_settled": 0.8, "on_time_share": 0.4}


def test_work_of_an_agency_that_is_no_more_is_counted_with_the_one_that_took_over(cast, edition):
    dossier = received(cast, edition, at("2025-11-10 09:00"))
    agency = cast.agency
    former = Agency.objects.get(pk=agency.pk)
    former.pk, former.code, former.key, former.successor = None, "H05.999.999", "former", agency
    former.valid_to = at("2025-11-30 00:00").date()
    former.save()
    copies(dossier, 2, settling_agency_id=former.pk)
    asked = figures.period_asked(at("2025-10-01 00:00"), at("2026-01-01 00:00"), at=at("2026-01-05 09:00"))
    for of_today, expected in ((False, {former.pk: 2, agency.pk: 1}), (True, {agency.pk: 3})):
        table = tables.table_of(EVERYTHING, asked, ["received"], CUTS["agency"], of_today=of_today)
        assert {max(row.keys) if not of_today else agency.pk: row.values["received"] for row in table.rows} == expected


def test_every_indicator_says_what_it_is_in_both_languages(client):
    answered = client.get("/api/v1/statistics/definitions/")
    definitions = answered.json()["indicators"]
    again = client.get("/api/v1/statistics/definitions/", headers={"If-None-Match": answered["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert [one["key"] for one in definitions] == list(INDICATORS)
    for one in definitions:
        assert one["source"]
        assert one["vi"]["name"] != one["en"]["name"], one["key"]
        assert one["vi"]["definition"] != one["en"]["definition"], one["key"]
        assert bool(one["vi"]["formula"]) == (one["key"] in SHARES)
    page = client.get(reverse("reports-definitions")).content.decode()
    assert all(f'id="{name}"' in page for name in INDICATORS)
    for names in tables.SETS.values():
        assert set(names[1]) <= set(INDICATORS)
    assert {one.unit for one in SHARES.values()} == {Unit.SHARE}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"by": "mood"}, "by"),
        ({"set": "all"}, "set"),
        ({"indicators": "received,nonsense"}, "indicators"),
        ({"period": "2026-Q5"}, "period"),
        ({"period": "custom", "first": "02/01/2026", "last": "01/01/2026"}, "period"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_a_sentence(db, query, field):
    answer = connected_system("s", scopes=("statistics",)).get("statistics/", query)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_who_reads_which_statistics(cast, edition):
    received(cast, edition, at("2025-11-10 09:00"))
    assert connected_system("other", scopes=("dossiers:read",)).get("statistics/").status_code == 403
    for who, status in (("citizen", 403), ("counter", 403), ("head", 200), ("supervisor", 200)):
        answer = signed_in(getattr(cast, who)).get("/api/v1/statistics/", QUARTER)
        assert answer.status_code == status, who
    head = signed_in(cast.head).get("/api/v1/statistics/", {**QUARTER, "by": "agency"}).json()
    assert [row["keys"] for row in head["rows"]] == [[cast.agency.pk]]


def test_the_hottest_cell_is_the_worst_of_its_column():
    late, share = INDICATORS["late"], INDICATORS["on_time_share"]
    rows = [
        tables.Row((n,), str(n), {"late": count, "on_time_share": part})
        for n, (count, part) in enumerate(((0, 1.0), (1, 0.95), (8, 0.2), (0, None)))
    ]
    table = tables.Table(CUTS["agency"], [late, share], rows, tables.Row((), "", {"late": 9, "on_time_share": 0.5}))
    assert [table.heat_of(row, late) for row in [*rows, table.total]] == [0, 1, 4, 0, 0]
    assert [table.heat_of(row, share) for row in rows] == [0, 1, 4, 0]
