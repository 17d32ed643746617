"""Each number of the head's page and the list behind it; each dossier judged as its own page judges it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from agencies.calendars import calendar_of
from dossiers.deadlines import clock
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, State
from reports import figures, on_time, periods
from reports.cuts import AGENCY
from reports.indicators import MEASURES
from reports.population import EVERYTHING, settled_by
from tests.factories.dossiers import received
from tests.factories.moments import at
from vietnam import working_time

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("moments_anew"),
    pytest.mark.usefixtures("papers_drawn_once"),
]

NOON = at("2026-11-18 11:00")
OPEN = ("in_time", "due_soon", "overdue", "paused", "open_unlimited")
FINISHED = ("early", "on_time", "late", "finished_unlimited")
# Measures of which none of these fates is one.
UNSEEN = {
    *("online_full", "online_partial", "post", "digitised", "supplemented", "complained", "not_received", "stopped"),
    *(
        "withdrawn",
        "late_with_letter",
        "refused",
        "digital_result",
        "returned_by_post",
        "rated",
        "satisfied",
        "fees_due_sum",
    ),
    *("elsewhere", "early_original", "on_time_original", "late_original", "online_offered", "form_online"),
    *("form_carried", "reminded", "reminded_moved", "cause_opinion", "cause_other", "cause_supplement", "reused"),
}
STANDINGS = {"in_time": "on_time", "due_soon": "due_soon", "overdue": "overdue", "paused": "paused"}


def asked(now=NOON, since="2026-11-01 00:00", until="2026-12-01 00:00"):
    return figures.period_asked(at(since), at(until), at=now)


def set_facts(dossier, **facts):
    """A dossier in a state that a longer story would lead to."""
    Dossier.objects.filter(pk=dossier.pk).update(**facts)
    dossier.refresh_from_db()
    return dossier


def finished(dossier, moment, *, due):
    return set_facts(dossier, state=State.DONE, finished_at=at(moment), due_at=at(due), outcome="granted")


@pytest.fixture
def mixed(cast, edition):
    """One dossier of each fate, by name."""
    names = iter(range(100))

    def one(moment="2026-11-10 09:00"):
        return received(cast, edition, at(moment), key=f"m{next(names)}")

    soon = working_time.add_minutes(calendar_of(cast.agency), NOON, settings.DUE_SOON_MINUTES)
    found = {
        "in_time": set_facts(one(), due_at=at("2026-12-15 17:00")),
        "due_soon": set_facts(one(), due_at=soon),
        "overdue": set_facts(one(), due_at=NOON - timedelta(seconds=1)),
        "paused": one(),
        "open_unlimited": set_facts(one(), due_at=None),
        "early": finished(one(), "2026-11-16 16:59", due="2026-11-17 17:00"),
        "on_time": finished(one(), "2026-11-17 17:00", due="2026-11-17 17:00"),
        "late": finished(one(), "2026-11-17 17:01", due="2026-11-17 17:00"),
        "finished_unlimited": set_facts(one(), state=State.DONE, finished_at=NOON, due_at=None),
        "before": finished(one("2026-10-01 09:00"), "2026-10-31 23:59", due="2026-11-30 17:00"),
    }
    execute_transition(found["paused"], "take", cast.officer, at=at("2026-11-10 10:00"))
    found["in_time"].unopened_links.create(
        step_key="verify", procedure_code="1.004222", reason="Chưa xác định được cơ quan.", since=NOON
    )
    set_facts(found["paused"], state=State.SUPPLEMENT, due_at=None)
    set_facts(
        one(), state=State.FILED, received_at=None, due_at=None, answer_due_at=NOON - timedelta(hours=1), filed_at=NOON
    )
    set_facts(found["early"], fee_amount=50_000, fee_settled_at=NOON, fee_method="vietqr")
    set_facts(found["late"], fee_amount=50_000, fee_settled_at=NOON, fee_method="cash")
    set_facts(found["before"], fee_amount=50_000, fee_settled_at=at("2026-10-31 23:59"), fee_method="vietqr")
    return found


def test_each_number_is_the_length_of_its_list(mixed):
    everything = Dossier.objects.all()
    counted = figures.totals(EVERYTHING, asked())
    assert set(counted) == set(MEASURES)
    for name, measure in MEASURES.items():
        rows = list(figures.dossiers_listed(everything, measure, asked()))
        assert len(rows) == len({row.pk for row in rows})
        assert counted[name] == (sum(getattr(row, measure.sums) for row in rows) if measure.sums else len(rows)), name
        assert rows or name in UNSEEN, name


def test_each_fate_is_counted_where_it_belongs(mixed):
    for name in (*OPEN, *FINISHED):
        found = figures.dossiers_listed(Dossier.objects.all(), MEASURES[name], asked())
        assert [dossier.pk for dossier in found] == [mixed[name].pk], name


def test_the_parts_make_the_whole(mixed):
    counted = figures.totals(EVERYTHING, asked())
    assert counted["open"] == sum(counted[name] for name in OPEN)
    assert counted["finished"] == sum(counted[name] for name in FINISHED)
    found = figures.shares(counted)
    assert (found["on_time_share"], found["noncash"]) == (2 / 4, 1 / 2)  # the overdue one should be finished too
    assert (found["on_time_of_settled"], found["early_of_received"]) == (2 / 3, 1 / 9)


def test_the_dossiers_own_page_judges_the_same(mixed):
    for name in ("in_time", "due_soon", "overdue", "paused", "early", "on_time", "late"):
        standing = clock.standing_of(mixed[name], at=NOON).standing
        assert standing == {"late": "overdue", **STANDINGS}.get(name, name)
    for name in ("open_unlimited", "finished_unlimited"):
        assert clock.standing_of(mixed[name], at=NOON) is None


def test_an_agencys_row_is_its_own_page(mixed, cast):
    set_facts(mixed["early"], settling_agency=cast.centre)
    rows = figures.figures(EVERYTHING, asked(), cut=AGENCY)
    assert set(rows) == {cast.agency.pk, cast.centre.pk}
    for agency, row in rows.items():
        assert row == figures.totals(settled_by(agency), asked())
    assert figures.summed(rows.values()) == figures.totals(EVERYTHING, asked())


def test_nothing_finished_and_something_overdue_is_a_share_of_nought(cast, edition):
    overdue = [received(cast, edition, at("2026-11-10 09:00"), key=f"o{n}") for n in range(3)]
    Dossier.objects.filter(pk__in=[d.pk for d in overdue]).update(due_at=at("2026-11-17 17:00"))
    for since, until, share in (
        ("2026-11-01 00:00", "2026-12-01 00:00", 0.0),
        ("2026-10-01 00:00", "2026-11-01 00:00", None),
    ):
        counted = figures.totals(EVERYTHING, asked(since=since, until=until))
        assert figures.shares(counted)["on_time_share"] == share


@pytest.mark.parametrize("now", ["2026-11-18 11:00", "2026-11-18 17:00", "2026-11-20 16:59", "2026-11-21 10:00"])
def test_due_soon_begins_where_the_badge_says(cast, edition, now):
    """Around every minute that could be the edge, also where it falls on the end of an office day."""
    dossier = received(cast, edition, at("2026-11-17 09:00"))
    edge = figures.soon_before(at(now))[cast.agency.calendar_id]
    calendar = calendar_of(cast.agency)
    first = working_time.add_minutes(calendar, at(now), settings.DUE_SOON_MINUTES)
    for due in {first - timedelta(minutes=1), first, first + timedelta(minutes=1), edge - timedelta(minutes=1), edge}:
        set_facts(dossier, due_at=due)
        standing = clock.standing_of(dossier, at=at(now)).standing
        named = [n for n in ("in_time", "due_soon") if _holds(dossier, n, now)]
        assert [STANDINGS[name] for name in named] == [standing], due


def _holds(dossier, name, now):
    return figures.dossiers_listed(Dossier.objects.filter(pk=dossier.pk), MEASURES[name], asked(at(now))).exists()


def test_the_due_moment_itself_is_in_time(cast, edition):
    dossier = set_facts(received(cast, edition, at("2026-11-17 09:00")), due_at=NOON)
    assert figures.totals(EVERYTHING, asked())["overdue"] == 0
    assert clock.standing_of(dossier, at=NOON).standing == "due_soon"


def test_days_are_those_of_vietnam(cast, edition):
    """One minute after midnight in Vietnam is still the day before in Greenwich."""
    dossier = received(cast, edition, at("2026-11-01 07:31"))
    finished(dossier, "2026-11-05 00:01", due="2026-11-05 17:00")
    set_facts(dossier, received_at=at("2026-11-01 00:00"))
    counted = figures.totals(EVERYTHING, asked())
    assert (counted["received"], counted["early"], counted["on_time"]) == (1, 0, 1)
    later = figures.totals(EVERYTHING, asked(since="2026-11-01 00:01"))
    assert later["received"] == 0


def test_a_due_date_far_beyond_the_calendar_is_no_obstacle(cast, edition):
    set_facts(received(cast, edition, at("2026-11-17 09:00")), due_at=at("2090-01-01 09:00"))
    assert figures.totals(EVERYTHING, asked())["in_time"] == 1


def test_the_province_share_is_kept_five_minutes(mixed, cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        first = on_time.of_the_province(NOON)
    assert (first.finished, first.share) == (3, 2 / 3)
    finished(mixed["in_time"], "2026-11-18 08:00", due="2026-11-19 17:00")
    with django_assert_num_queries(0):
        assert on_time.of_the_province(NOON) == first


def test_the_start_page_asks_this_room(mixed, monkeypatch):
    from procedures.public import statistics

    assert statistics.on_time_share(NOON) == on_time.of_the_province(NOON)


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("this_month", "2026-01-01", "2026-01-15"),
        ("last_month", "2025-12-01", "2025-12-31"),
        ("this_quarter", "2026-01-01", "2026-01-15"),
        ("this_year", "2026-01-01", "2026-01-15"),
        ("unheard", "2026-01-01", "2026-01-15"),
    ],
)
def test_periods_in_january(key, first, last):
    period = periods.named(key, today=at("2026-01-15 00:00").date())
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_a_period_includes_its_last_day():
    period = periods.named("this_quarter", today=at("2026-11-18 00:00").date())
    assert period.since == at("2026-10-01 00:00")
    assert period.until == at("2026-11-19 00:00")
    assert timezone.is_aware(period.until)
