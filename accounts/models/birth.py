"""The column of a day of birth, of which some people know the month or the year alone."""

from typing import TYPE_CHECKING, Any

from django.db import models

from vietnam.dates import BirthDate, birth_date_of

if TYPE_CHECKING:
    _Column = models.CharField[BirthDate | None, BirthDate | None]
else:
    _Column = models.CharField


class BirthDateColumn(_Column):
    """Kept in ISO 8601 at the precision that is known; a `date`, or a `ReducedDate` of month or year."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 10, **options})

    def from_db_value(self, value: str | None, *_around: Any) -> BirthDate | None:
        return birth_date_of(value) if value else None

    def to_python(self, value: Any) -> Any:
        return birth_date_of(value) if isinstance(value, str) and value else value or None

    def get_prep_value(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else value.isoformat()
