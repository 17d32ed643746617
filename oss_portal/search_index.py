"""What people, bodies, accounts, scans and dossiers are found by, written anew by the folding of now.

Run after an upgrade that folds letters otherwise (`vietnam.text.fold`): what was written before would be looked for in
vain. Batches in transactions of their own; an interrupted run is simply begun again.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import enterprises, people
from accounts.models import Account, Enterprise, Person
from digitization.models import Scan
from dossiers import search
from dossiers.models import Dossier
from vietnam.text import fold

BATCH = 200
Rows = QuerySet[Any]
Writer = Callable[[Sequence[Any]], int]


def index_everything() -> Iterator[tuple[str, int]]:
    """(what, how many rows changed), one kind after the other; scans before the dossiers that have their words."""
    yield "people", _each_batch(Person.objects.all(), _people)
    yield "enterprises", _each_batch(Enterprise.objects.all(), _enterprises)
    yield "accounts", _each_batch(Account.objects.all(), _accounts)
    yield "scans", _each_batch(Scan.objects.exclude(text=""), _scans)
    yield "dossiers", _each_batch(Dossier.objects.filter(code__isnull=False, destroyed_at__isnull=True), _dossiers)


def _each_batch(rows: Rows, write: Writer) -> int:
    changed = 0
    cursor: Any = None
    while True:
        with transaction.atomic():
            after = rows if cursor is None else rows.filter(pk__gt=cursor)
            batch = list(after.order_by("pk").select_for_update(of=("self",))[:BATCH])
            changed += write(batch)
        if len(batch) < BATCH:
            return changed
        cursor = batch[-1].pk


def _write(batch: Sequence[Any], column: str, text: Callable[[Any], str]) -> int:
    changed = [row for row in batch if getattr(row, column) != text(row)]
    for row in changed:
        setattr(row, column, text(row))
    if changed:
        type(changed[0])._default_manager.bulk_update(changed, [column])
    return len(changed)


def _people(batch: Sequence[Person]) -> int:
    return _write(batch, "search_key", lambda row: people.search_key(row.full_name, row.stated_number, row.phone))


def _enterprises(batch: Sequence[Enterprise]) -> int:
    return _write(batch, "search_key", lambda row: enterprises.search_key(row.name, row.number, row.phone))


def _accounts(batch: Sequence[Account]) -> int:
    return _write(batch, "search_key", Account.search_words)


def _scans(batch: Sequence[Scan]) -> int:
    return _write(batch, "text_folded", lambda row: fold(row.text))


def _dossiers(batch: Sequence[Dossier]) -> int:
    """Written whether or not they change: what PostgreSQL makes of words is not compared here."""
    whole = Dossier.objects.select_related("edition", "owner_person", "owner_enterprise").in_bulk([d.pk for d in batch])
    texts: dict[str, list[str]] = {dossier.reference: [] for dossier in whole.values()}
    scans = Scan.objects.filter(file__owner__in=texts, file__removed_at=None).exclude(text_folded="")
    for owner, text in scans.values_list("file__owner", "text_folded"):
        texts[owner].append(text)
    for dossier in whole.values():
        dossier.search_vector = search.search_vector(search.words_of(dossier), " ".join(texts[dossier.reference]))
    if whole:
        Dossier.objects.bulk_update(whole.values(), ["search_vector"])
    return len(whole)
