"""What everybody may read: no small count, and none that could be had by subtraction."""

from fractions import Fraction

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.models import Dossier, State
from reports.open_statistics import COLUMNS, TOTAL, choices, suppressed_together
from tests.factories.dossiers import received
from tests.factories.moments import at

SMALLEST = 5
few_or_many = st.integers(min_value=0, max_value=12)


ROWS = st.lists(st.tuples(few_or_many, few_or_many, few_or_many, few_or_many), min_size=1, max_size=5)


def suppressed(table, smallest):
    """One table alone, whose last row is the sum."""
    hidden = suppressed_together({"agency": keyed(table)}, smallest)["agency"]
    return [{k: None if (key, k) in hidden else row[k] for k in COLUMNS} for key, row in keyed(table).items()]


def keyed(table):
    return {**dict(enumerate(table[:-1])), TOTAL: table[-1]}


def table_of(counts):
    rows = [
        {"early": early, "on_time": on_time, "late": late, "finished": early + on_time + late, "received": received_}
        for early, on_time, late, received_ in counts
    ]
    return [*rows, {name: sum(row[name] for row in rows) for name in COLUMNS}]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS.map(table_of))
def test_no_small_count_is_said_or_can_be_subtracted(table):
    said = suppressed(table, SMALLEST)
    for row, shown in zip(table, said, strict=True):
        for name in COLUMNS:
            assert shown[name] is None or shown[name] == row[name]
            assert not (shown[name] is not None and 0 < row[name] < SMALLEST)
    lines = [[(row, name) for row in range(len(table))] for name in COLUMNS]
    lines += [[(row, name) for name in ("early", "on_time", "late", "finished")] for row in range(len(table))]
    for line in lines:
        hidden = [cell for cell in line if said[cell[0]][cell[1]] is None]
        rest = [table[row][name] for row, name in line if (row, name) not in hidden]
        assert len(hidden) != 1 or not any(rest)


def quarter(*rows):
    return keyed(table_of(rows))


def test_a_year_gives_no_quarter_away():
    small, large = quarter((3, 50, 0, 60), (70, 80, 0, 160)), quarter((40, 50, 0, 90), (70, 80, 0, 160))
    tables = [small, large, large, large]
    quarters = [suppressed_together({"agency": each}, SMALLEST) for each in tables]
    year = {key: {name: sum(each[key][name] for each in tables) for name in COLUMNS} for key in small}
    said = suppressed_together({"agency": year}, SMALLEST, quarters)["agency"]
    assert (0, "early") in quarters[0]["agency"]
    assert quarters[0]["agency"] <= said, "what is said of the year and three quarters is said of the fourth"
    assert not quarters[1]["agency"]
    assert (0, "received") not in said


def test_the_total_is_said_in_no_table_when_one_keeps_it_back():
    by_agency, by_field = quarter((3, 50, 0, 53)), quarter((3, 20, 0, 23), (0, 30, 0, 30))
    hidden = suppressed_together({"agency": by_agency, "field": by_field}, SMALLEST)
    totals = [{name for key, name in cells if key == TOTAL} for cells in hidden.values()]
    assert totals[0] == totals[1]
    assert "on_time" in totals[0]


def by_both(crossed):
    """The tables by agency and by field of what both have in common."""
    tables = {}
    for place, cut in enumerate(("agency", "field")):
        rows = {}
        for key, counts in crossed.items():
            rows[key[place]] = {name: rows.get(key[place], {}).get(name, 0) + counts[name] for name in COLUMNS}
        tables[cut] = {**rows, TOTAL: {name: sum(row[name] for row in rows.values()) for name in COLUMNS}}
    return tables


def counts_of(number):
    return {"early": 0, "on_time": number, "late": 0, "finished": number, "received": 100}


def said_on_time(crossed):
    """The counts done on time that the two tables say, by table and row."""
    tables = by_both({key: counts_of(number) for key, number in crossed.items()})
    hidden = suppressed_together(tables, SMALLEST, (), {key: counts_of(number) for key, number in crossed.items()})
    return {
        (cut, key): row["on_time"]
        for cut, table in tables.items()
        for key, row in table.items()
        if (key, "on_time") not in hidden[cut]
    }


def test_a_field_of_one_agency_alone_is_said_in_both_tables_or_in_none():
    crossed = {("court", "justice"): 3, ("lands", "land"): 40, ("lands", "building"): 6, ("works", "building"): 50}
    said = said_on_time(crossed)
    assert ("agency", "court") not in said
    assert ("field", "justice") not in said


def test_what_few_others_do_in_a_field_is_not_had_by_taking_its_main_agency_away():
    said = said_on_time({("court", "justice"): 40, ("ward", "justice"): 2, ("ward", "land"): 30, ("lands", "land"): 9})
    assert {("agency", "court"), ("field", "justice")} - set(said), "their difference is the ward's two"
    assert {("agency", "ward"), ("agency", "lands"), ("field", "land")} - set(said)


def derived(equations, target):
    """Whether `target` is a sum of multiples of `equations` (vectors): those who know these know it."""
    rows, target = [], list(target)
    for equation in equations:
        row = list(equation)
        for pivot, known in rows:
            row = [a - row[pivot] * b for a, b in zip(row, known, strict=True)]
        pivot = next((place for place, value in enumerate(row) if value), None)
        if pivot is not None:
            rows.append((pivot, [Fraction(value) / row[pivot] for value in row]))
    for pivot, known in rows:
        target = [a - target[pivot] * b for a, b in zip(target, known, strict=True)]
    return not any(target)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(4, 7)), st.sampled_from((1, 2, 4, 5, 9, 30)), min_size=1, max_size=9
    )
)
def test_no_small_count_follows_from_both_tables_together(crossed):
    said = said_on_time(crossed)
    pairs = list(crossed)

    def vector(key):
        return [int(key in (TOTAL, *pair)) for pair in pairs]

    known = [vector(key) for _cut, key in said]
    for place, pair in enumerate(pairs):
        if crossed[pair] < SMALLEST:
            assert not derived(known, [int(place == one) for one in range(len(pairs))]), pair
    for key in {end for pair in pairs for end in pair}:
        if sum(crossed[pair] for pair in pairs if key in pair) < SMALLEST:
            assert not derived(known, vector(key)), key


def test_large_counts_are_all_said():
    row = {"early": 50, "on_time": 0, "late": 7, "finished": 57, "received": 100}
    assert suppressed([row, row], SMALLEST) == [row, row]


def test_only_whole_periods_that_are_over_are_open():
    keys = [period.key for period in choices(at("2026-11-18 09:00").date())]
    assert keys == ["2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1", "2025", "2024"]


@pytest.mark.django_db
def test_anybody_reads_sums_and_no_person(cast, edition, client, monkeypatch):
    cache.clear()
    monkeypatch.setattr(timezone, "now", lambda: at("2026-11-18 09:00"))
    for n in range(6):
        dossier = received(cast, edition, at("2026-08-10 09:00"), key=f"o{n}")
        if n < 2:
            done = at("2026-08-12 09:00")
            Dossier.objects.filter(pk=dossier.pk).update(
                state=State.DONE, finished_at=done, due_at=at("2026-08-20 09:00")
            )
    for by in ("agency", "field"):
        page = client.get(reverse("open-statistics"), {"period": "2026-Q3", "by": by})
        [row] = page.context["rows"]
        assert [cell["number"] for cell in row["cells"]] == ["6", "…", "…", "0", "0"]
        assert row["share"] is None
        assert dossier.owner_name not in page.content.decode()
    assert client.get(reverse("open-statistics")).status_code == 200
    for query in ({"period": "2026-Q4"}, {"period": "x"}, {"by": "procedure"}):
        assert client.get(reverse("open-statistics"), query).status_code == 404
