"""The demonstration's dossiers: months of simulated work, and one dossier at each stage for those who sign in.

Everything goes through the same write path as real dossiers, with times of the past.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Person, StaffPost
from agencies.calendars import calendar_of
from agencies.models import Agency
from demo.filing_here import filing_here
from demo.results import signed_copy
from demo.simulation import run_simulation
from demo.simulation.run import Cast
from dossiers.filing import complete
from dossiers.filing.eligibility import may_own
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from procedures.models import Edition
from vietnam import working_time
from vietnam.working_time import VIETNAM

Role = StaffPost.Role
SEED = 2026
MONTHS = 3
SIMULATED = 20
WARD = "09187"  # Phường Kinh Bắc, whose staff's sign-ins are shown
STAGES = ("assign", "verify", "submit", "approve", "issue", "done")

# The citizen's own, by what waits: (procedure, stage, working days since it was sent).
_OWN = (
    ("2.002516", "done", 7),  # confirming civil status facts; its fee is still to be paid
    ("1.004884", "supplement", 4),  # registering a birth again
    ("1.004873", "verify", 2),  # certificate of marital status
)
_WARD_WORK = ("1.014027", "1.001699", "1.004845", "1.004884", "1.005099", "2.000720")
_JUSTICE_WORK = ("2.001687", "2.000829")


def load_demo_dossiers(at: datetime | None = None) -> int:
    """Make the demonstration's dossiers as of `at` when there are none yet; returns how many there are now.

    Needs the demonstration's province, catalogue and people. Each dossier is a transaction of its own.
    """
    at = at or timezone.now()
    if Dossier.objects.exists():
        return Dossier.objects.count()
    cast = Cast.of_the_province()
    for _n in run_simulation(dossiers=SIMULATED, months=MONTHS, seed=SEED, until=at, cast=cast):
        pass
    _lay_out(cast, at)
    return Dossier.objects.count()


def _lay_out(cast: Cast, at: datetime) -> None:
    citizen, *others = sorted(cast.people, key=lambda person: person.pk)
    offers = {
        (edition.procedure.code, agency.pk): (edition, agency)
        for edition, agency, _weight in cast.offers
        if may_own(edition, citizen)  # everybody here files for themselves
    }
    by_code = {code: agency_pk for code, agency_pk in offers if code in _JUSTICE_WORK}
    ward = next(
        agency for _e, agency in offers.values() if agency.kind == "commune_pc" and agency.territory.code == WARD
    )
    for code, stage, days in _OWN:
        if offer := offers.get((code, ward.pk)):
            _bring(cast, *offer, citizen, to=stage, days=days, at=at)
    plan = [(offers.get((code, ward.pk)), stage) for code, stage in zip(_WARD_WORK, STAGES, strict=True)]
    for n, stage in enumerate(STAGES[:4]):
        code = _JUSTICE_WORK[n % len(_JUSTICE_WORK)]
        plan.append((offers.get((code, by_code.get(code, 0))), stage))
    for n, (offer, stage) in enumerate(plan):
        if offer is not None:
            _bring(cast, *offer, others[n % len(others)], to=stage, days=3 + n % 4, at=at)
    for code in ("1.001193", "1.014027"):
        if offer := offers.get((code, ward.pk)):
            _bring(cast, *offer, others[0], to="filed", days=0, at=at)


@transaction.atomic
def _bring(cast: Cast, edition: Edition, agency: Agency, person: Person, *, to: str, days: int, at: datetime) -> None:
    """File online so many working days ago and work it as far as `to`, an act or two a day."""
    moments = _Moments(agency, at, days)
    draft = complete.draft_whole(
        edition,
        person,
        at=moments.sent - timedelta(minutes=15),
        case=next((case["key"] for case in edition.facts.get("cases") or []), ""),
        content=edition.title,
        territory=agency.territory,
        files=[(paper, []) for paper in edition.documents.all() if paper.required and not paper.show_only],
        method="counter",
        phone=person.phone,
        email=person.email,
        address=person.address,
    )
    with filing_here():
        execute_transition(draft, "send", Actor(account=person.account), at=moments.sent)
    if to == "filed":
        return
    clerk = cast.posts[(draft.receiving_agency_id or 0, Role.COUNTER)][0]
    execute_transition(draft, "accept", clerk, lacking_ground="at_return", at=moments.next())

    def post(role: str) -> Actor:
        return cast.posts[(agency.pk, role)][0]

    officer = post(Role.OFFICER)
    if to == "assign":
        return
    execute_transition(draft, "assign", post(Role.UNIT_HEAD), at=moments.next(), officer=officer.post)
    if to == "supplement":
        items = [{"name": "Bản sao giấy tờ chứng minh"}]
        execute_transition(
            draft, "ask_supplement", officer, at=moments.next(), items=items, reason="Bản chụp mờ, không đọc được"
        )
    if to in ("verify", "supplement"):
        return
    results = edition.facts.get("results") or [{"name": "Văn bản trả lời"}]
    execute_transition(
        draft, "attach_result", officer, at=moments.next(), name=results[0]["name"], text="Kết quả như đề nghị."
    )
    acts = {"verify": officer, "submit": post(Role.UNIT_HEAD), "approve": post(Role.LEADER), "issue": post(Role.CLERK)}
    for act, actor in acts.items():
        if draft.step is not None and draft.step.key == to:
            return
        moment = moments.next()
        execute_transition(draft, act, actor, at=moment, **(_signed(draft, actor, moment) if act == "issue" else {}))


def _signed(draft: Dossier, by: Actor, moment: datetime) -> dict[str, Any]:
    """What the signed result says."""
    leader = draft.events.filter(action="approve").last()
    return {
        "number": "12/UBND",
        "issued_on": timezone.localdate(moment),
        "signer": leader.account.full_name if leader and leader.account else by.label,
        "file": signed_copy(draft, by),
    }


class _Moments:
    """Working hours from so many working days before `at` until `at`, one after the other."""

    def __init__(self, agency: Agency, at: datetime, days: int) -> None:
        self.calendar = calendar_of(agency)
        day = _working_day_before(self.calendar, at.astimezone(VIETNAM).date(), days) if days else None
        self.sent = datetime.combine(day, time(8, 40), VIETNAM) if day else at - timedelta(minutes=30)
        self.last = self.sent
        # Ten acts at most; they share the time there is.
        self.pace = max(working_time.minutes_between(self.calendar, self.sent, at) // 10, 1)
        self.at = at

    def next(self) -> datetime:
        self.last = min(working_time.add_minutes(self.calendar, self.last, self.pace), self.at)
        return self.last


def _working_day_before(calendar: working_time.Calendar, day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= working_time.is_working_day(calendar, day)
    return day
