"""What an indicator is: a count or a sum of dossiers under a condition, or a share of such counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.models import State
from dossiers.statistics.tallies import Tallied
from vietnam import working_time

Text = str | Promise
FINISHED = (State.DONE, State.RETURNED)
DECREE_118 = _("Nghị định số 118/2025/NĐ-CP")
CIRCULAR_02 = _("Thông tư số 02/2017/TT-VPCP, biểu II.06 (chờ xác nhận)")
DECISION_766 = _("Quyết định số 766/QĐ-TTg (công thức chờ xác nhận)")
PRACTICE = _("Cách các tỉnh công khai")


class Unit(Enum):
    DOSSIERS = _("hồ sơ")
    MONEY = _("đồng")
    SHARE = "%"
    PROCEDURES = _("thủ tục")


@dataclass(frozen=True)
class Asked:
    """What is counted: happenings from `since` until before `until`, and what is open at `at`.

    `soon_before`: for each working calendar (by id) the moment before which a due date is near.
    """

    since: datetime
    until: datetime
    at: datetime
    soon_before: Mapping[int, datetime]

    @property
    def end(self) -> datetime:
        """The end of the period, or now while it runs."""
        return min(self.until, self.at)


Condition = Callable[[Asked], Q]


class Family(Enum):
    """Measures that one statement counts together, over the rows that an index finds for them."""

    RECEIVED = "received"
    FINISHED = "finished"
    ENDED = "ended"
    ACCOUNT = "account"
    NOW = "now"
    FEES = "fees"
    REMINDED = "reminded"


@dataclass(frozen=True)
class Measure:
    """Counts the dossiers of its condition, or adds up their column `sums`.

    `tallied` says the same of the tallies, of a measure that they keep; of the others each dossier is looked at.
    `order` is the date its list is sorted by, the nearest first; "id" is the newest first.
    """

    name: str
    label: Text
    means: Text
    family: Family
    condition: Condition
    order: str = "id"
    source: Text = DECREE_118
    sums: str = ""
    tallied: Tallied | None = None

    @property
    def of_period(self) -> bool:
        """Whether it counts what happened in the period, or what is so now."""
        return self.family is not Family.NOW

    @property
    def unit(self) -> Unit:
        return Unit.MONEY if self.sums else Unit.DOSSIERS


@dataclass(frozen=True)
class Share:
    """The sum of the measures `part` over the sum of the measures `whole`, between 0 and 1; None of nothing."""

    name: str
    label: Text
    means: Text
    part: tuple[str, ...]
    whole: tuple[str, ...]
    source: Text = DECISION_766
    unit: Unit = Unit.SHARE

    def share_of(self, counted: Mapping[str, int]) -> float | None:
        whole = sum(counted[name] for name in self.whole)
        return sum(counted[name] for name in self.part) / whole if whole else None


def everything(asked: Asked) -> Q:
    return Q()


def day_of(moment: str) -> TruncDate:
    """The local day of a column."""
    return TruncDate(moment, tzinfo=working_time.VIETNAM)
