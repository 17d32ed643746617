"""Valid routes to test with: by hand, and any by hypothesis."""

from decimal import Decimal

from hypothesis import strategies as st

from procedures.routes.checking import Published, RouteContext, total
from procedures.routes.steps import DAY, HOUR, Consulted, Limit, Step, fresh_key
from vietnam.working_time import Period, Unit

AGENCIES = ("construction", "finance", "health", "justice")
ROLE_OF = {
    "receive": "counter",
    "assign": "unit_head",
    "verify": "officer",
    "submit": "unit_head",
    "approve": "leader",
    "issue": "clerk",
    "return": "counter",
}


def step(key, days="1", act="", **facts):
    given = {"name": f"Bước {key}", "role": ROLE_OF[act or key], "limit": Limit(Decimal(days)), **facts}
    return Step(key=key, act=act, **given)


def plain(**days):
    """The seven acts in order; days by act."""
    return [step(act, days.get(act, "0.5")) for act in ROLE_OF]


def asked(agency="construction", days="2", question="Có phù hợp quy hoạch không?", role="officer"):
    return Consulted(agency, role, Limit(Decimal(days)), question)


def around(steps=None, *, days=None, case="", **facts):
    """Surroundings whose published limit is the sum of `steps`, or `days`."""
    if days is None:
        days = Decimal(total(steps).numerator) / total(steps).denominator / 480
    limits = (Published(Period(Decimal(days), Unit.WORKING_DAY), case),)
    known = {"agencies": frozenset(AGENCIES), "procedures": frozenset({"1.004222"}), "code": "1.001193"}
    return RouteContext(limits=limits, **{**known, **facts})


limits = st.one_of(
    st.integers(1, 80).map(lambda n: Limit(Decimal(n) / 4, DAY)),
    st.integers(1, 64).map(lambda n: Limit(Decimal(n) / 4, HOUR)),
)


@st.composite
def valid_routes(draw):
    """Any route that the rules allow, with one to four checks, opinions and returns."""
    acts = ["receive"]
    for _ in range(draw(st.integers(1, 4))):
        acts += draw(st.sampled_from([["verify"], ["assign", "verify"], ["verify", "submit"], ["verify", "approve"]]))
    acts += [*draw(st.sampled_from([[], ["submit"]])), "approve", "issue", "return"]
    steps: list[Step] = []
    for act in acts:
        key = fresh_key(act, [s.key for s in steps])
        opinions = ()
        if act in ("verify", "submit"):
            agencies = draw(st.lists(st.sampled_from(AGENCIES), unique=True, max_size=3))
            opinions = tuple(Consulted(a, "officer", draw(limits), "Ý kiến?") for a in agencies)
        earlier = [s.key for s in steps if s.carries != "receive"]
        may_return = earlier and act in ("submit", "approve", "issue")
        back_to = tuple(draw(st.lists(st.sampled_from(earlier), unique=True, max_size=2))) if may_return else ()
        steps.append(
            Step(
                key=key,
                name=f"Bước {key}",
                act="" if key == act else act,
                role=ROLE_OF[act],
                limit=draw(limits),
                opinions=opinions,
                back_to=back_to,
            )
        )
    return steps
