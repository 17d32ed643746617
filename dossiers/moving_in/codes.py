"""The codes of dossiers that were moved in: an official one stays what it is, for all others one is given."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils import timezone

from dossiers.moving_in.records import MovedInDossier
from journal.series import next_numbers, raise_series
from vietnam.codes import DossierCode, InvalidCode


def official_code(code: str) -> str:
    """The code in its written form where it is an official one, else ""."""
    try:
        return str(DossierCode.parse(code))
    except InvalidCode:
        return ""


def keep_numbers(codes: Iterable[str]) -> None:
    """Let our series never give a number that one of these official codes bears. Within a transaction."""
    highest: dict[str, int] = {}
    for code in codes:
        stem, _dash, serial = code.rpartition("-")
        highest[stem] = max(highest.get(stem, 0), int(serial))
    raise_series({f"dossier:{stem}": serial for stem, serial in highest.items()})


def given_codes(records: Sequence[MovedInDossier]) -> list[str]:
    """A code for each: its own official one, or a new one of the day on which it came. Within a transaction."""
    kept = [official_code(record.old_code) for record in records]
    keep_numbers(code for code in kept if code)
    stems = [
        "" if code else f"{record.settling.code}-{timezone.localtime(record.came_at):%y%m%d}"
        for record, code in zip(records, kept, strict=True)
    ]
    following = next_numbers({f"dossier:{stem}": n for stem, n in Counter(filter(None, stems)).items()})
    codes = []
    for code, stem in zip(kept, stems, strict=True):
        if not code:
            number = following[f"dossier:{stem}"]
            following[f"dossier:{stem}"] += 1
            code = f"{stem}-{number:04d}"
        codes.append(code)
    return codes
