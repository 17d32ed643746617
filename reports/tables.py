"""A table of figures: rows of a cut by columns of indicators, with the total; page, spreadsheet and API draw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from reports import cuts, figures
from reports.cuts import Cut
from reports.indicators import INDICATORS, Indicator, Offered, Share, measures_needed, offered
from reports.indicators.kinds import Asked, Text
from reports.population import Population

Value = int | float | None
# Which columns stand together, as people ask for them.
SETS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "published": (_lazy("Như các tỉnh công khai"), ("offered", "received", "early", "early_of_received", "overdue")),
    "timeliness": (
        _lazy("Tiến độ"),
        (
            "finished",
            "early",
            "on_time",
            "late",
            "late_original",
            "overdue",
            "on_time_of_settled",
            "on_time_of_settled_original",
            "on_time_share",
        ),
    ),
    "now": (
        _lazy("Lúc này"),
        ("open", "in_time", "due_soon", "overdue", "paused", "unanswered", "unanswered_late"),
    ),
    "reception": (
        _lazy("Tiếp nhận"),
        ("received", "online_full", "online_partial", "counter", "post", "elsewhere", "not_received", "online_share"),
    ),
    "quality": (
        _lazy("Chất lượng"),
        ("supplemented", "refused", "stopped", "complained", "returned_by_post", "rated", "satisfaction"),
    ),
    "reminders": (_lazy("Việc đôn đốc"), ("reminded", "reminded_moved", "reminder_effect")),
    "digital": (
        _lazy("Số hóa"),
        ("offered_full", "offered_partial", "offered_filed", "digitised_share", "digital_result_share", "reused_share"),
    ),
    "money": (
        _lazy("Phí, lệ phí"),
        ("fees", "fees_noncash", "noncash", "fees_due_sum", "fees_sum", "fees_noncash_sum"),
    ),
}
DEFAULT_SET = "published"
HEAT = 4
HOT_COUNTS = ("late", "late_original", "overdue", "due_soon", "unanswered_late", "supplemented", "complained")
HOT_SHARES = ("early_of_received", "on_time_of_settled", "on_time_of_settled_original", "on_time_share", "satisfaction")


@dataclass(frozen=True)
class Row:
    """`keys` are the values of the cut that the row counts: more than one where agencies became one."""

    keys: tuple[Any, ...]
    name: str
    values: dict[str, Value]


@dataclass(frozen=True)
class Table:
    cut: Cut
    columns: list[Indicator]
    rows: list[Row]
    total: Row

    def heat_of(self, row: Row, column: Indicator) -> int:
        """How bad a figure is beside its column, from 0 to 4: of counts of what is late the largest, of shares in time
        the smallest. 0 for what is neither good nor bad."""
        value = row.values[column.name]
        if value is None or row is self.total:
            return 0
        if column.name in HOT_COUNTS:
            most = max(one.values[column.name] or 0 for one in self.rows)
            return ceil(HEAT * value / most) if most else 0
        if column.name in HOT_SHARES:
            known = [share for one in self.rows if (share := one.values[column.name]) is not None]
            worst = 1 - min(known)
            return ceil(HEAT * (1 - value) / worst) if worst else 0
        return 0

    def sorted_by(self, column: str) -> list[Row]:
        """By a column, falling with a minus before it; rows without a value last, equals as they stand."""
        name, falling = column.removeprefix("-"), column.startswith("-")
        if name not in self.total.values:
            return self.rows[::-1] if column == "-name" else self.rows

        def place(row: Row) -> tuple[bool, float]:
            value = row.values[name]
            return value is None, 0 if value is None else (-value if falling else value)

        return sorted(self.rows, key=place)


def table_of(
    population: Population,
    asked: Asked,
    names: Sequence[str],
    cut: Cut,
    *,
    agency: int | None = None,
    of_today: bool = False,
) -> Table:
    """The indicators `names` of `population` by `cut`.

    `agency` is the one whose dossiers they are, None of the whole province: what is offered there is counted, filed or
    not. `of_today` counts what agencies that are no more have done with those that took over their work.
    """
    columns = [INDICATORS[name] for name in names]
    measures = sorted(measures_needed(list(names)))
    counted: dict[Any, dict[str, int]] = figures.figures(population, asked, measures, cut=cut)
    nothing = dict.fromkeys(measures, 0)
    has_offers = any(isinstance(column, Offered) for column in columns)
    on_offer: dict[Any, dict[str, int]] = {}
    all_on_offer: dict[str, int] = {}
    if has_offers:
        on_offer, all_on_offer = _offers(population, asked, cut, agency)
    keys = {key: (key,) for key in {**counted, **on_offer}}
    if of_today and cut.column.endswith("agency"):
        keys = _joined(keys)
    rows = []
    for key, name in cuts.names_of(cut, list(keys)).items():
        numbers = figures.summed((counted.get(one, nothing) for one in keys[key]), measures)
        rows.append(Row(keys[key], name, _values(columns, numbers, on_offer.get(key, {}))))
    total = figures.summed(counted.values(), measures)
    return Table(cut, columns, rows, Row((), _("Cộng"), _values(columns, total, all_on_offer)))


def _offers(
    population: Population, asked: Asked, cut: Cut, agency: int | None
) -> tuple[dict[Any, dict[str, int]], dict[str, int]]:
    """What is offered, by the values of a cut that can tell, and in all. Of one agency its own row, or the fields of
    which it received something."""
    if cut.key not in ("agency", "field"):
        return {}, {}
    filed = figures.procedures_filed(population, asked, cut)
    rows = offered.offered_by_agency(filed) if cut.key == "agency" else offered.offered_by_field(filed)
    if agency is None:
        return rows, offered.offered_in_all(set().union(*filed.values()))
    own = {agency} if cut.key == "agency" else set(filed)
    return {key: row for key, row in rows.items() if key in own}, rows.get(agency, {}) if cut.key == "agency" else {}


def _joined(keys: dict[Any, tuple[Any, ...]]) -> dict[Any, tuple[Any, ...]]:
    today = cuts.agencies_of_today([key for key in keys if key is not None])
    found: dict[Any, tuple[Any, ...]] = {}
    for key in keys:
        here = today.get(key, key)
        found[here] = (*found.get(here, ()), key)
    return found


def _values(columns: Sequence[Indicator], counted: dict[str, int], on_offer: dict[str, int]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for column in columns:
        if isinstance(column, Share):
            found[column.name] = column.share_of(counted)
        elif isinstance(column, Offered):
            found[column.name] = on_offer.get(column.name)
        else:
            found[column.name] = counted[column.name]
    return found
