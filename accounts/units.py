"""The units of an agency. They are known by the name that its posts carry, and one name is written one way: reports
count by it, and two spellings would be two units."""

from accounts.models import StaffPost
from vietnam.text import fold


def name_as_written(agency: int, unit: str) -> str:
    """The name as posts of the agency have it already, where `unit` differs from it in case, accents, spaces or
    punctuation only; else as it is given."""
    return next((known for known in _names(agency) if fold(known) == fold(unit)), unit)


def rename_unit(agency: int, old: str, new: str) -> int:
    """Write the name `old` of a unit as `new` in all posts of the agency that have it; returns in how many."""
    return StaffPost.objects.filter(agency=agency, unit=old).update(unit=new)


def is_spelling(old: str, new: str) -> bool:
    """Whether both are one name, written in two ways."""
    return old != new and bool(old) and fold(old) == fold(new)


def _names(agency: int) -> list[str]:
    """The spelling of most posts first, should there be two from earlier."""
    posts = StaffPost.objects.filter(agency=agency).exclude(unit="").order_by("-id").values_list("unit", flat=True)
    found = list(posts)
    return sorted(dict.fromkeys(found), key=lambda name: -found.count(name))
