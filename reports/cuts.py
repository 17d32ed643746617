"""By what figures are cut: who settles, at which level, where, who received, the field, the procedure, the way in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Extract, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import StaffPost
from agencies.models import Agency, Territory
from procedures.models import Channel, Edition, Field
from reports.indicators.kinds import Text
from vietnam.text import sort_key
from vietnam.working_time import VIETNAM

Names = dict[Any, str]


@dataclass(frozen=True)
class Cut:
    """`column` is where a dossier holds the value, and a cell of the tallies; `names` gives the words of values, in the
    order of a table. By month it is the month in which a measure's happening fell. What is `of_people` only the heads
    of the own agency read."""

    key: str
    label: Text
    column: str
    names: Callable[[Collection[Any]], Names]
    by_word: bool = False  # its values are words, not ids
    of_people: bool = False

    @property
    def by_month(self) -> bool:
        return not self.column

    @property
    def value(self) -> Combinable:
        """Of a dossier or a cell, to be compared or grouped by; null where nothing is written."""
        return NullIf(F(self.column), Value("")) if self.by_word and self.of_people else F(self.column)

    def of_dossiers(self, moment: str) -> dict[str, Combinable]:
        """What to group dossiers by; `moment` is the column of the happening."""
        if not self.by_month:
            return {"cut": self.value}
        return {part: Extract(moment, part, tzinfo=VIETNAM) for part in ("year", "month")}

    @property
    def of_tallies(self) -> dict[str, Combinable]:
        """What to group cells of tallies by."""
        if not self.by_month:
            return {"cut": self.value}
        return {part: Extract("day", part) for part in ("year", "month")}

    def value_of(self, key: tuple[Any, ...]) -> Any:
        """The value that a group is about: an id, or (year, month)."""
        return key if self.by_month else key[0]


def _people(values: Collection[Any]) -> Names:
    posts = StaffPost.objects.filter(pk__in=[value for value in values if value]).select_related("account")
    found = {post.pk: f"{post.account.full_name}, {post.local_title}" for post in posts}
    named = sorted(found.items(), key=lambda one: sort_key(one[1]))
    return {**dict(named), **({None: _("Chưa giao cho ai")} if None in values else {})}


def _units(values: Collection[Any]) -> Names:
    named = sorted((value for value in values if value), key=sort_key)
    return {
        **{value: value for value in named},
        **({None: _("Chưa giao hoặc chưa ghi phòng")} if None in values else {}),
    }


def _agencies(values: Collection[Any]) -> Names:
    rows = Agency.objects.filter(pk__in=[value for value in values if value]).order_by("sort_key", "pk")
    return {agency.pk: agency.local_name for agency in rows}


def _fields(values: Collection[Any]) -> Names:
    english = get_language() == "en"
    rows = Field.objects.filter(pk__in=[value for value in values if value])
    return {field.pk: (english and field.name_en) or field.name for field in rows}


def _procedures(values: Collection[Any]) -> Names:
    english = get_language() == "en"
    rows = Edition.objects.filter(procedure__in=[v for v in values if v])
    found: Names = {}
    for pk, code, title, title_en in rows.order_by("procedure__code", "number").values_list(
        "procedure", "procedure__code", "title", "title_en"
    ):
        found[pk] = f"{code} {(english and title_en) or title}"
    return found


def _territories(values: Collection[Any]) -> Names:
    rows = Territory.objects.filter(pk__in=[value for value in values if value]).order_by("kind", "sort_key", "pk")
    return {territory.pk: territory.local_name for territory in rows}


def _levels(values: Collection[Any]) -> Names:
    return {value: str(label) for value, label in _LEVELS.items() if value in values}


def _channels(values: Collection[Any]) -> Names:
    return {value: str(label) for value, label in Channel.choices if value in values}


_LEVELS = {
    Territory.Kind.PROVINCE: _lazy("Cấp tỉnh"),
    Territory.Kind.WARD: _lazy("Cấp xã: phường"),
    Territory.Kind.COMMUNE: _lazy("Cấp xã: xã"),
}
CUTS: dict[str, Cut] = {
    cut.key: cut
    for cut in (
        Cut("agency", _lazy("Cơ quan giải quyết"), "settling_agency", _agencies),
        Cut("receiving", _lazy("Nơi tiếp nhận"), "receiving_agency", _agencies),
        Cut("field", _lazy("Lĩnh vực"), "edition__field", _fields),
        Cut("procedure", _lazy("Thủ tục"), "edition__procedure", _procedures),
        Cut("channel", _lazy("Cách nộp"), "channel", _channels, by_word=True),
        Cut("level", _lazy("Cấp giải quyết"), "settling_agency__territory__kind", _levels, by_word=True),
        Cut("commune", _lazy("Xã, phường"), "settling_agency__territory", _territories),
    )
}
AGENCY = CUTS["agency"]
# Whose work it is, for the heads of the agency alone.
CUTS_OF_PEOPLE: dict[str, Cut] = {
    cut.key: cut
    for cut in (
        Cut("unit", _lazy("Phòng, bộ phận"), "worker__unit", _units, by_word=True, of_people=True),
        Cut("person", _lazy("Người thụ lý"), "worker", _people, of_people=True),
    )
}


def _months(values: Collection[Any]) -> Names:
    return {value: f"{value[1]:02d}/{value[0]}" for value in sorted(values)}


MONTH = Cut("month", _lazy("Tháng"), "", _months)


def names_of(cut: Cut, values: Collection[Any]) -> Names:
    """The words of all values in the order of a table; what has none comes last."""
    found = cut.names(values)
    return found | {value: _("Chưa rõ") for value in values if value not in found}


def agencies_of_today(values: Collection[int]) -> dict[int, int]:
    """For each agency that has given its work to another one, the one that does it today."""
    successors = dict(Agency.objects.filter(successor__isnull=False).values_list("pk", "successor"))
    found: dict[int, int] = {}
    for value in values:
        here, seen = value, {value}
        while (following := successors.get(here)) and following not in seen:
            seen.add(following)
            here = following
        if here != value:
            found[value] = here
    return found
