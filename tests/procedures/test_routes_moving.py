"""Moving a dossier to another route, and trying a route on a pretend dossier."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.routes import frozen_steps, plan_steps
from procedures.routes.moving import CannotMove, move_waiting_dossiers
from procedures.routes.rehearsal import rehearse_route
from procedures.routes.steps import Limit, Opening
from tests.procedures.routes_made import asked, plain, step, valid_routes
from vietnam.working_time import VIETNAM, Period, Unit, seeded_calendar

CALENDAR = seeded_calendar(2026, 2027)


def kept(steps):
    return frozen_steps(plan_steps(steps, None))


def test_the_frozen_list_says_what_there_is_and_nothing_else():
    steps = plain()
    steps[2] = replace(
        steps[2],
        product="Báo cáo thẩm định",
        opinions=(asked(days="2"), asked("finance", days="3")),
        opens=Opening("1.004222", "commune_police", True),
    )
    steps[3] = replace(steps[3], back_to=("verify",))
    rows = kept(steps)
    assert rows[0] == {"key": "receive", "name": "Bước receive", "name_en": "", "role": "counter", "minutes": 240}
    assert rows[2]["minutes"] == 240 + 3 * 480
    assert rows[2]["opinions"][1] == {
        "agency_key": "finance",
        "role": "officer",
        "minutes": 1440,
        "question": "Có phù hợp quy hoạch không?",
    }
    assert rows[2]["opens"] == {"procedure": "1.004222", "agency_key": "commune_police", "wait": True}
    assert rows[3]["back_to"] == ["verify"]
    assert kept([step("verify-2", act="verify")])[0]["act"] == "verify"


@given(valid_routes(), st.data())
def test_moving_to_the_same_route_changes_nothing(steps, data):
    route = kept(steps)
    running = data.draw(st.sampled_from(route))["key"]
    moved = move_waiting_dossiers(route, running, route)
    assert (moved.step, moved.changes, moved.route) == (running, (), route)
    assert moved.minutes_ahead == moved.minutes_ahead_before


@given(valid_routes(), valid_routes(), st.data())
def test_a_move_keeps_the_act_or_says_why_not(old, new, data):
    route, other = kept(old), kept(new)
    running = data.draw(st.sampled_from(route))
    act = running.get("act") or running["key"]
    try:
        moved = move_waiting_dossiers(route, running["key"], other)
    except CannotMove:
        assert act not in [s.get("act") or s["key"] for s in other]
        return
    landed = moved.route[moved.position]
    assert landed["key"] == moved.step
    assert (landed.get("act") or landed["key"]) == act
    assert moved.minutes_ahead == sum(s["minutes"] for s in other[moved.position :])


def test_what_changes_is_said():
    old = plain()
    new = [
        *plain()[:2],
        step("verify", "2", opinions=(asked(),)),
        step("submit", "0.5", role="leader"),
        step("verify-2", act="verify"),
        *plain()[4:],
    ]
    moved = move_waiting_dossiers(kept(old), "verify", kept(new))
    assert [(c.kind, c.step) for c in moved.changes] == [
        ("limit", "verify"),
        ("opinions", "verify"),
        ("role", "submit"),
        ("added", "verify-2"),
    ]
    assert moved.changes[0].sentence == "Bước “Bước verify”: thời hạn 0,5 ngày thành 4 ngày."
    back = move_waiting_dossiers(kept(new), "verify-2", kept(old))
    assert back.step == "verify"
    assert [c.kind for c in back.changes] == ["running", "limit", "added"]
    later = move_waiting_dossiers(kept(old), "approve", kept(new))
    assert [(c.kind, c.step) for c in later.changes] == [("skipped", "verify-2")]


def test_a_step_that_the_new_route_lacks_is_waited_for():
    with pytest.raises(CannotMove, match="Hãy chờ hồ sơ qua bước này"):
        move_waiting_dossiers(kept(plain()), "assign", kept([s for s in plain() if s.key != "assign"]))
    with pytest.raises(CannotMove):
        move_waiting_dossiers(kept(plain()), "nowhere", kept(plain()))


def test_a_rehearsal_walks_the_calendar():
    """Monday 23 November 2026 at nine; the 24th is a holiday."""
    start = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)
    tried = rehearse_route(plan_steps(plain(), None), start, CALENDAR, limit=Period(Decimal("3.5"), Unit.WORKING_DAY))
    assert tried.minutes == 3.5 * 480
    assert len(tried.steps) == len(plain())
    assert tried.steps[0].since == start
    assert all(a.until == b.since for a, b in zip(tried.steps, tried.steps[1:], strict=False))
    assert date(2026, 11, 24) not in {row.until.date() for row in tried.steps}
    assert tried.keeps
    late = rehearse_route(plan_steps(plain(verify="4"), None), start, CALENDAR, limit=Period(3, Unit.WORKING_DAY))
    assert not late.keeps


def test_opinions_run_side_by_side():
    start = datetime(2026, 11, 25, 7, 0, tzinfo=VIETNAM)
    branch = step("verify", "1", opinions=(asked(days="1"), asked("finance", days="2")))
    (tried,) = rehearse_route(plan_steps([branch], None), start, CALENDAR).steps
    assert [o.since for o in tried.opinions] == [start, start]
    assert tried.opinions[0].until < tried.opinions[1].until < tried.until
    assert branch.limit == Limit(Decimal(1))
