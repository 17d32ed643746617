"""Every indicator, defined once: pages, exports, the API and the page of definitions draw from here."""

from reports.indicators.account import ACCOUNT
from reports.indicators.kinds import Measure, Share
from reports.indicators.money import MONEY
from reports.indicators.offered import OFFERED, Offered
from reports.indicators.reception import RECEPTION
from reports.indicators.reminders import REMINDERS
from reports.indicators.settling import SETTLING
from reports.indicators.shares import SHARES as _SHARES
from reports.indicators.standing import STANDING

Indicator = Measure | Share | Offered

# Groups of the page of definitions, in its order.
MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (*RECEPTION, *SETTLING, *STANDING, *REMINDERS, *MONEY, *ACCOUNT)
}
SHARES: dict[str, Share] = {share.name: share for share in _SHARES}
INDICATORS: dict[str, Indicator] = {**MEASURES, **SHARES, **{offered.name: offered for offered in OFFERED}}


def formula_of(indicator: Indicator) -> str:
    """How an indicator is computed, in the words of the indicators it is made of; empty of one that is counted."""
    if not isinstance(indicator, Share):
        return ""
    part = " + ".join(str(MEASURES[name].label) for name in indicator.part)
    whole = " + ".join(str(MEASURES[name].label) for name in indicator.whole)
    return f"({part}) / ({whole})" if len(indicator.part) > 1 else f"{part} / ({whole})"


def measures_needed(names: list[str]) -> set[str]:
    """The measures that the indicators `names` are computed from."""
    needed: set[str] = set()
    for name in names:
        indicator = INDICATORS[name]
        if isinstance(indicator, Share):
            needed.update(indicator.part, indicator.whole)
        elif isinstance(indicator, Measure):
            needed.add(name)
    return needed
