"""Rows of a table as routes: their steps with proposed acts, and by name what the table leaves open.

Nothing is guessed: a number of steps that begins anew is two routes run together and is said to be so; an actor or a
time without a clear reading leaves its place empty. Acts are proposed from who does a step and where it stands, since
no decision's table names them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from procedures.routes.amounts import UnreadableAmount, words
from procedures.routes.amounts import read_amount as read_amount
from procedures.routes.checking import total
from procedures.routes.importing import actors
from procedures.routes.importing.tables import Row
from procedures.routes.steps import (
    APPROVE,
    ASSIGN,
    ISSUE,
    RECEIVE,
    RETURN,
    SUBMIT,
    VERIFY,
    Consulted,
    Limit,
    Step,
    fresh_key,
)
from procedures.routes.words import act_name, role_name
from vietnam.text import fold

_NUMBER = re.compile(r"(\d{1,3})(?!.*\d)")
_CLAUSE = re.compile(r"[.;:\n]")
_LEADING = re.compile(r"^[\s\-–+*•]*(\d{1,2}[.)]\s*)?")


@dataclass(frozen=True)
class RouteQuery:
    """`step` is the key of the step, empty for the whole route."""

    kind: str
    text: str
    step: str = ""


@dataclass(frozen=True)
class ReadRoute:
    code: str
    name: str
    case: str
    agency: str
    steps: tuple[Step, ...]
    open_queries: tuple[RouteQuery, ...]
    lines: tuple[int, int]


def routes_of(rows: Iterable[Row]) -> Iterator[ReadRoute]:
    """The routes of a table, in its order; what was run together comes as the parts it consists of."""
    for (code, name, case, agency), group in groupby(rows, key=lambda r: (r.code, r.route, r.case, r.agency)):
        listed = list(group)
        parts = [_part(part) for part in _parts(listed)]
        together = _together(listed, parts)
        for n, (steps, open_queries, part) in enumerate(parts, start=1):
            yield ReadRoute(
                code=code,
                name=(name or _("Quy trình nội bộ")) + (_(" (phần %(n)s)") % {"n": n} if together else ""),
                case=case,
                agency=agency,
                steps=steps,
                open_queries=(*together, *open_queries),
                lines=(part[0].line, part[-1].line),
            )


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    """Split where the number of the step begins anew."""
    parts: list[list[Row]] = [[]]
    former = 0
    for row in rows:
        number = number_of(row.step)
        if parts[-1] and number is not None and number == 1 and former >= 1:
            parts.append([])
        parts[-1].append(row)
        former = number if number is not None else former
    return parts


def number_of(text: str) -> int | None:
    found = _NUMBER.search(text)
    return int(found[1]) if found else None


def _together(
    rows: Sequence[Row], parts: Sequence[tuple[tuple[Step, ...], list[RouteQuery], list[Row]]]
) -> list[RouteQuery]:
    if len(parts) == 1:
        return []
    told = "; ".join(
        _("phần %(n)s có %(steps)s bước, cộng %(sum)s (dòng %(first)s–%(last)s)")
        % {"n": n, "steps": len(steps), "sum": words(total(steps)), "first": part[0].line, "last": part[-1].line}
        for n, (steps, _open_queries, part) in enumerate(parts, start=1)
    )
    text = _(
        "Bảng ghi %(n)s quy trình nhập chung dưới mã %(code)s: số bước quay lại 1. Cụ thể, %(parts)s. "
        "Hãy chọn trường hợp áp dụng cho phần này."
    )
    return [RouteQuery("run_together", text % {"n": len(parts), "code": rows[0].code, "parts": told})]


def _part(rows: list[Row]) -> tuple[tuple[Step, ...], list[RouteQuery], list[Row]]:
    readings = [actors.read_actor(row.actor) for row in rows]
    acts = _acts(rows, readings)
    steps: list[Step] = []
    open_queries: list[RouteQuery] = []
    for row, reading, act in zip(rows, readings, acts, strict=True):
        key = fresh_key(act or "step", [step.key for step in steps])
        step, found = _step(row, reading, act, key)
        steps.append(step)
        open_queries += found
    return tuple(steps), open_queries + _gaps(rows, steps), rows


def _step(row: Row, reading: actors.Reading, act: str, key: str) -> tuple[Step, list[RouteQuery]]:
    where = _("Bước %(n)s (dòng %(line)s)") % {"n": number_of(row.step) or row.step or "?", "line": row.line}
    open_queries = []
    limit: Limit | None = None
    try:
        limit = read_amount(row.duration, row.unit)
    except UnreadableAmount:
        text = _("%(where)s: không đọc được thời gian “%(text)s”.")
        said = f"{row.duration} {row.unit}".strip()
        open_queries.append(RouteQuery("amount", text % {"where": where, "text": said}, key))
    step = Step(
        key=key,
        name=_name(row, act),
        act="" if key == act else act,
        role=reading.role,
        agency_key=reading.agency_key,
        limit=limit,
        product=row.product,
        note=row.content,
    )
    if reading.asked:
        text = _("%(where)s: “%(actor)s” không nêu cơ quan nào và ai trả lời. Hãy ghi từng cơ quan được lấy ý kiến.")
        open_queries.append(RouteQuery("asked", text % {"where": where, "actor": row.actor}, key))
        asked = Consulted("", "", limit, (row.product or _name(row, act))[:500])
        return replace(step, role="officer", limit=Limit(Decimal(0)), opinions=(asked,)), open_queries
    if not reading.role:
        if len(reading.roles) > 1:
            text = _("%(where)s: “%(actor)s” có thể là %(roles)s. Hãy chọn một, hoặc tách bước.")
        else:
            text = _("%(where)s: không rõ “%(actor)s” là ai.")
        roles = _(" hoặc ").join(role_name(role).lower() for role in reading.roles)
        open_queries.append(RouteQuery("actor", text % {"where": where, "actor": row.actor, "roles": roles}, key))
    return step, open_queries


def _gaps(rows: Sequence[Row], steps: Sequence[Step]) -> list[RouteQuery]:
    open_queries = []
    expected = 1
    for row, step in zip(rows, steps, strict=True):
        number = number_of(row.step)
        if number is None:
            text = _("Dòng %(line)s không có số bước.") % {"line": row.line}
            open_queries.append(RouteQuery("number", text, step.key))
        elif number != expected:
            text = _("Dòng %(line)s ghi bước %(n)s, lẽ ra là bước %(expected)s.")
            values = {"line": row.line, "n": number, "expected": expected}
            open_queries.append(RouteQuery("number", text % values, step.key))
        expected = (number or expected) + 1
    return open_queries


def _acts(rows: Sequence[Row], readings: Sequence[actors.Reading]) -> list[str]:
    """The act that each step most plainly carries; empty where who does it is not clear."""
    last_leader = max((i for i, r in enumerate(readings) if r.role == "leader"), default=-1)
    acts: list[str] = []
    for i, (row, reading) in enumerate(zip(rows, readings, strict=True)):
        said = fold(f"{row.content} {row.product}")
        if i == 0 and reading.role == "counter":
            act = RECEIVE
        elif i == len(rows) - 1 and "counter" in reading.roles and "tra ket qua" in said:
            act = RETURN
        elif reading.asked or reading.role == "officer":
            act = VERIFY
        elif reading.role == "unit_head":
            act = ASSIGN if "phan cong" in said and VERIFY not in acts else SUBMIT
        elif reading.role == "leader":
            act = APPROVE if i == last_leader else SUBMIT
        elif reading.role == "clerk":
            act = ISSUE if APPROVE in acts and ISSUE not in acts else SUBMIT
        else:
            act = ""
        acts.append(act)
    return acts


def _name(row: Row, act: str) -> str:
    """A short name: the first clause of what is to be done where it is one, else the act's own name."""
    first = _LEADING.sub("", _CLAUSE.split(_LEADING.sub("", row.content))[0]).strip(" ,-")
    if 6 <= len(first) <= 90:
        return first
    return act_name(act) if act else _("Bước %(n)s") % {"n": number_of(row.step) or "?"}
