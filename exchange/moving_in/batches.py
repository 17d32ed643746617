"""A file of another system as rows that are checked, put in force and withdrawn, in bounded steps that can be repeated.

Every step takes some rows, does them in one transaction with what it writes of them, and stops: killed at any moment it
goes on where it was. Two at once share the rows.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Enterprise, Person
from accounts.people import differences
from accounts.people_in_bulk import (
    Stated,
    find_or_create_enterprises,
    find_or_create_people,
    known_enterprises,
    known_people,
)
from core.refusals import Refused
from dossiers.models import Dossier, OtherCode
from dossiers.moving_in.codes import keep_numbers, official_code
from dossiers.moving_in.records import MovedInDossier
from dossiers.moving_in.taking_back import take_back
from dossiers.moving_in.writing import write_moved
from dossiers.search import code_key
from exchange.models import MovingBatch, MovingRow
from exchange.moving_in.checking import Checked, check_row
from exchange.moving_in.known import Known
from exchange.moving_in.mapping import FieldMapping, Unreadable, code_of, mapped_row, read_mapping
from journal import audit_log
from vietnam.documents import IdentityDocument
from vietnam.text import fold

CHECKED_AT_ONCE, WRITTEN_AT_ONCE = 1000, 500
State = MovingRow.State
_KEEP_STATE = """
    UPDATE exchange_movingrow AS row
    SET state = became.state, problems = became.problems::jsonb, notes = became.notes::jsonb,
        dossier_id = became.dossier, data = CASE WHEN became.dossier IS NULL THEN row.data ELSE '{}' END
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])
        AS became(id, state, problems, notes, dossier)
    WHERE row.id = became.id
"""
People = dict[IdentityDocument, Person]
Bodies = dict[str, Enterprise]


def read_file(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a CSV file (by its ending; comma or semicolon) or of JSON lines. Raises Refused, naming the line."""
    try:
        yield from _read_lines(path)
    except UnicodeDecodeError:
        raise Refused("not_utf8", _("Tệp không phải UTF-8. Hãy xuất lại tệp ở dạng UTF-8.")) from None
    except csv.Error as problem:
        raise Refused("bad_csv", _("Tệp CSV viết sai: %s.") % problem) from None


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix.lower() == ".csv":
            first = file.readline()
            file.seek(0)
            delimiter = ";" if first.count(";") > first.count(",") else ","
            yield from csv.DictReader(file, delimiter=delimiter, restkey="")
            return
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise Refused("bad_line", _("Dòng %(n)s của tệp không phải một đối tượng JSON.") % {"n": number})
            yield row


def stage_batch(
    path: Path, *, system: str, mapping: str, folder: str, by: Actor, at: datetime, actor_post: int | None = None
) -> MovingBatch:
    """Take the rows of a file in as they are; nothing of them is a dossier yet. All of the file or nothing.

    Raises Refused.
    """
    fields = read_mapping(mapping)
    system = system.strip()
    if not 0 < len(system) <= 80:
        raise Refused("bad_system", _("Hãy nêu tên hệ thống cũ, tối đa 80 chữ."))
    with transaction.atomic():
        batch = MovingBatch.objects.create(
            system=system,
            file_name=path.name[:200],
            mapping=mapping,
            folder=folder,
            staged_at=at,
            staged_by=by.label[:200],
            by_id=actor_post,
        )
        with connection.cursor() as cursor, cursor.copy(
            "COPY exchange_movingrow (batch_id, number, code, data, state, problems, notes) FROM STDIN"
        ) as copy:  # fmt: skip
            for number, row in enumerate(read_file(path), start=1):
                code = code_of(row, fields)[:80]
                data = json.dumps(row, ensure_ascii=False).replace("\\u0000", "")
                texts = (text.encode("utf-8", "replace").decode() for text in (code, data))  # half a character is none
                copy.write_row((batch.pk, number, *texts, State.WAITING, "[]", "[]"))
                batch.total = number
        batch.save(update_fields=["total"])
        audit_log.record_entry("batch_staged", f"moving:{batch.pk}", by=by, system=system, rows=batch.total)
    return batch


def check_some(batch: MovingBatch, *, at: datetime) -> bool:
    """Check the next rows after the batch's cursor; whether any were left to check. Writes no dossier."""
    with transaction.atomic():
        batch = MovingBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        unwritten = batch.rows.filter(state__in=(State.WAITING, State.GOOD, State.WRONG), number__gt=batch.cursor)
        # Locked, and those that are being written left out: their state is no check's to write.
        rows = list(unwritten.select_for_update(skip_locked=True).order_by("number")[:CHECKED_AT_ONCE])
        if not rows:
            MovingBatch.objects.filter(pk=batch.pk).update(cursor=0, checked_at=at)
            return False
        _judge(batch, rows, at)
        _keep_state(rows)
        MovingBatch.objects.filter(pk=batch.pk).update(cursor=rows[-1].number)
    return True


def write_some(batch: MovingBatch, *, by: Actor, at: datetime) -> bool:
    """Make dossiers of the next good rows, each checked once more; whether any were left to write."""
    with transaction.atomic():
        rows = list(
            batch.rows.select_for_update(skip_locked=True).filter(state=State.GOOD).order_by("number")[:WRITTEN_AT_ONCE]
        )
        held = MovingBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if not rows or held.withdrawn_at is not None:
            return False
        if held.in_force_at is None:
            _begin_force(held, by, at)
        checked = _judge(batch, rows, at)
        people = _people_of(checked.values(), find_or_create_people, find_or_create_enterprises)
        _leave_unlike(rows, checked, *people)  # two rows may name one number differently
        good = [row for row in rows if row.pk in checked]
        _write_rows(batch, [(row, checked[row.pk].with_people(*people)) for row in good], by, at)
        _keep_state(rows)
    return True


def _begin_force(batch: MovingBatch, by: Actor, at: datetime) -> None:
    """Official codes of the whole file first: none of our own may be given a number that comes later in it."""
    codes = filter(None, map(official_code, batch.rows.values_list("code", flat=True).iterator(chunk_size=5000)))
    keep_numbers(codes)
    batch.in_force_at = at
    batch.save(update_fields=["in_force_at"])
    audit_log.record_entry("batch_in_force", f"moving:{batch.pk}", by=by, system=batch.system)


def _write_rows(batch: MovingBatch, pairs: list[tuple[MovingRow, MovedInDossier]], by: Actor, at: datetime) -> None:
    """All at once; where something in one of them is refused, in halves, so that it alone stays behind."""
    try:
        with transaction.atomic():
            dossiers = write_moved([record for _row, record in pairs], system=batch.system, by=by, at=at)
    except (Refused, IntegrityError, OSError) as failure:
        if half := len(pairs) // 2:
            for part in (pairs[:half], pairs[half:]):
                _write_rows(batch, part, by, at)
            return
        code = "code_here" if isinstance(failure, IntegrityError) else "file_refused"
        pairs[0][0].problems, pairs[0][0].state = [{"code": code, "field": ""}], State.WRONG
        return
    for (row, _record), dossier in zip(pairs, dossiers, strict=True):
        row.state, row.dossier = State.WRITTEN, dossier


def _keep_state(rows: list[MovingRow]) -> None:
    """Write what became of rows in one statement; the data of one that is a dossier now go."""
    columns = (
        [row.pk for row in rows],
        [row.state for row in rows],
        [json.dumps(row.problems) for row in rows],
        [json.dumps(row.notes) for row in rows],
        [row.dossier_id for row in rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_STATE, columns)


def _judge(batch: MovingBatch, rows: list[MovingRow], at: datetime) -> dict[int, Checked]:
    """Set state, problems and notes of rows; returns what was found of the good ones, by row."""
    mapping, known = read_mapping(batch.mapping), Known()
    folder = Path(batch.folder) if batch.folder else None
    checked: dict[int, Checked] = {}
    said = [_mapped(row, mapping) for row in rows]
    known.load_editions(str(each.get("procedure", "")) for each, _unreadable in said)
    twice, here = _codes_twice(batch, rows), _codes_here(batch, rows)
    for row, (each, unreadable) in zip(rows, said, strict=True):
        one, found = check_row(each, known, folder, at=at, unreadable=unreadable)
        if code_key(row.code) in twice:
            found.wrong("code_twice", "code", row.code)
        elif code_key(row.code) in here:
            found.wrong("code_here", "code", row.code)
        row.problems, row.notes = found.problems, found.notes
        row.state = State.WRONG if found.problems else State.GOOD
        if one is not None and not found.problems:
            checked[row.pk] = one
    _leave_unlike(rows, checked, *_people_of(checked.values(), known_people, known_enterprises))
    return checked


def _leave_unlike(rows: list[MovingRow], checked: dict[int, Checked], people: People, bodies: Bodies) -> None:
    """Whose number is on record here under another name is for a person to decide."""
    for row in rows:
        if row.pk in checked and (unlike := _unlike(checked[row.pk], people, bodies)):
            row.problems, row.state = [{"code": "person_differs", "field": unlike}], State.WRONG
            del checked[row.pk]


def _unlike(checked: Checked, people: People, bodies: Bodies) -> str:
    """The field of the number that is on record under another name; "" when none is."""
    filer = people.get(checked.filer)
    if filer is not None and differences(filer, full_name=checked.filer_stated.name):
        return "filer_number" if checked.filer != checked.owner else "owner_number"
    if isinstance(checked.owner, str):
        body = bodies.get(checked.owner)
        return "owner_number" if body and fold(body.name) != fold(checked.owner_stated.name) else ""
    owner = people.get(checked.owner)
    return "owner_number" if owner and differences(owner, full_name=checked.owner_stated.name) else ""


def _mapped(row: MovingRow, mapping: FieldMapping) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The row in our words, and which fields of it cannot be read."""
    unreadable: tuple[str, ...] = ()
    try:
        said = mapped_row(row.data, mapping)
    except Unreadable as failure:
        said, unreadable = failure.said, failure.fields
    row.code = said.get("code", "")[:80]
    return said, unreadable


def _codes_twice(batch: MovingBatch, rows: list[MovingRow]) -> set[str]:
    """Keys of codes that several rows of the batch bear."""
    repeated = batch.rows.filter(code__in=[row.code for row in rows]).order_by().values("code")
    counted = repeated.annotate(times=Count("pk")).filter(times__gt=1)
    return {code_key(row["code"]) for row in counted if row["code"]}


def _codes_here(batch: MovingBatch, rows: list[MovingRow]) -> set[str]:
    keys = {code_key(row.code) for row in rows}
    others = OtherCode.objects.filter(system=batch.system, key__in=keys).values_list("key", flat=True)
    official = {code for row in rows if (code := official_code(row.code))}
    known = Dossier.objects.filter(code__in=official).values_list("code", flat=True)
    return {*others, *(code_key(code or "") for code in known)}


def _people_of(
    checked: Iterable[Checked],
    people_of: Callable[[Mapping[IdentityDocument, Stated]], People],
    enterprises_of: Callable[[Mapping[str, Stated]], Bodies],
) -> tuple[People, Bodies]:
    people: dict[IdentityDocument, Stated] = {}
    bodies: dict[str, Stated] = {}
    for each in checked:
        people.setdefault(each.filer, each.filer_stated)
        if isinstance(each.owner, str):
            bodies.setdefault(each.owner, each.owner_stated)
        else:
            people.setdefault(each.owner, each.owner_stated)
    return people_of(people), enterprises_of(bodies)


def rows_of(batch: MovingBatch, state: str = "") -> QuerySet[MovingRow]:
    rows = MovingRow.objects.filter(batch=batch).select_related("dossier")
    return rows.filter(state=state) if state else rows


def counts_of(batch: MovingBatch) -> dict[str, int]:
    """Rows by state, and how many of the good ones have a note."""
    found = dict(batch.rows.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in State.values} | {
        "noted": batch.rows.filter(~Q(notes=[]), state=State.GOOD).count()
    }


@transaction.atomic
def delete_batch(batch: MovingBatch, *, by: Actor) -> None:
    """Delete the rows of a batch of which nothing is in force. Raises Refused."""
    batch = MovingBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.in_force_at is not None:
        raise Refused("in_force", _("Đợt này đã đưa vào dùng nên chỉ rút lại được, không xóa được."))
    audit_log.record_entry("batch_deleted", f"moving:{batch.pk}", by=by, system=batch.system, rows=batch.total)
    batch.delete()


@transaction.atomic
def begin_withdrawal(batch: MovingBatch, *, reason: str, by: Actor) -> None:
    """Say why; from now on nothing more of it is put in force. Raises Refused."""
    batch = MovingBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.in_force_at is None:
        raise Refused("not_in_force", _("Chưa có hồ sơ nào của đợt này được đưa vào dùng. Có thể xóa đợt."))
    if not reason.strip():
        raise Refused("no_reason", _("Hãy ghi lý do rút lại."), field="reason")
    if batch.withdrawn_at is None:
        batch.withdrawn_at, batch.withdrawn_by, batch.reason = timezone.now(), by.label[:200], reason.strip()[:500]
        batch.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
        audit_log.record_entry("batch_withdrawn", f"moving:{batch.pk}", by=by, system=batch.system, reason=batch.reason)


def withdraw_some(batch: MovingBatch, *, by: Actor, at: datetime) -> bool:
    """Take the next dossiers of a withdrawn batch back; whether any were left."""
    batch.refresh_from_db(fields=["reason"])
    with transaction.atomic():
        rows = list(
            batch.rows.select_for_update(skip_locked=True)
            .filter(state=State.WRITTEN)
            .order_by("number")[:WRITTEN_AT_ONCE]
        )
        if not rows:
            return False
        ids = [row.dossier_id for row in rows if row.dossier_id]
        taken = set(take_back(ids, reason=batch.reason, by=by, at=at))
        for state, some in (
            (State.TAKEN_BACK, [row.pk for row in rows if row.dossier_id in taken]),
            (State.KEPT, [row.pk for row in rows if row.dossier_id not in taken]),
        ):
            MovingRow.objects.filter(pk__in=some).update(state=state)
    return True
