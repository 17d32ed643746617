"""Moving a dossier under way to another route: where it would stand, and what would change from there on.

Pure: the lists are frozen routes (`procedures.routes`), the answer is shown before anybody decides.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refused
from procedures.display import value_text
from procedures.routes.amounts import words
from procedures.routes.words import act_name, role_name

Frozen = Mapping[str, Any]


class CannotMove(Refused):
    """The new route has no step on which the dossier could go on; the text says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__("cannot_move", sentence)


@dataclass(frozen=True)
class Change:
    """`kind` is added, removed, skipped, limit, role, agency, opinions or running; `sentence` says it."""

    kind: str
    step: str
    sentence: str


@dataclass(frozen=True)
class Move:
    """The new frozen route, the position and key of the step that runs on it, and what changes."""

    route: list[dict[str, Any]]
    position: int
    step: str
    changes: tuple[Change, ...]
    minutes_ahead_before: int
    minutes_ahead: int


def move_waiting_dossiers(old: Sequence[Frozen], running: str, new: Sequence[Frozen]) -> Move:
    """Map the running step of a frozen route onto another route. Raises CannotMove.

    The same act is looked for: the step of the same key, else the one with the same number among the steps of that
    act, else the last of them. What stands behind the running step is history.
    """
    here = next((i for i, step in enumerate(old) if step["key"] == running), None)
    if here is None:
        raise CannotMove(_("Bước đang chạy “%(key)s” không có trong quy trình của hồ sơ.") % {"key": running})
    there = _place(old, here, new)
    before, after = old[here], new[there]
    changes = [
        *_of_the_running(before, after),
        *_skipped(old[:here], new[:there]),
        *_ahead(old[here + 1 :], new[there + 1 :]),
    ]
    return Move(
        route=[dict(step) for step in new],
        position=there,
        step=after["key"],
        changes=tuple(changes),
        minutes_ahead_before=_sum(old[here:]),
        minutes_ahead=_sum(new[there:]),
    )


def carries(step: Frozen) -> str:
    return str(step.get("act") or step["key"])


def _place(old: Sequence[Frozen], here: int, new: Sequence[Frozen]) -> int:
    act = carries(old[here])
    same_act = [i for i, step in enumerate(new) if carries(step) == act]
    if not same_act:
        raise CannotMove(
            _("Quy trình mới không có bước “%(act)s” mà hồ sơ đang ở đó. Hãy chờ hồ sơ qua bước này rồi chuyển.")
            % {"act": act_name(act)}
        )
    by_key = next((i for i in same_act if new[i]["key"] == old[here]["key"]), None)
    if by_key is not None:
        return by_key
    earlier = sum(carries(step) == act for step in old[:here])
    return same_act[min(earlier, len(same_act) - 1)]


def _of_the_running(before: Frozen, after: Frozen) -> list[Change]:
    found = []
    if before["key"] != after["key"] or before["name"] != after["name"]:
        found.append(
            Change(
                "running",
                after["key"],
                _("Bước đang chạy: “%(before)s” thành “%(after)s”.") % {"before": _name(before), "after": _name(after)},
            )
        )
    return found + _between(before, after)


def _skipped(behind_old: Sequence[Frozen], behind_new: Sequence[Frozen]) -> list[Change]:
    """Steps of the new route behind the running one that the old route did not have: the nth of an act is the nth."""
    done = Counter(carries(step) for step in behind_old)
    met: Counter[str] = Counter()
    found = []
    for step in behind_new:
        met[carries(step)] += 1
        if met[carries(step)] > done[carries(step)]:
            text = _("Bước “%(step)s” của quy trình mới đứng trước chỗ hồ sơ đang ở nên sẽ không được thực hiện.")
            found.append(Change("skipped", step["key"], text % {"step": _name(step)}))
    return found


def _ahead(old: Sequence[Frozen], new: Sequence[Frozen]) -> list[Change]:
    former = {step["key"]: step for step in old}
    coming = {step["key"]: step for step in new}
    found = [
        Change(
            "removed",
            step["key"],
            _("Bỏ bước “%(step)s” (%(time)s).") % {"step": _name(step), "time": _time(step)},
        )
        for key, step in former.items()
        if key not in coming
    ]
    for key, step in coming.items():
        if key in former:
            found += _between(former[key], step)
        else:
            found.append(
                Change(
                    "added",
                    key,
                    _("Thêm bước “%(step)s” do %(role)s làm (%(time)s).")
                    % {"step": _name(step), "role": role_name(step["role"]), "time": _time(step)},
                )
            )
    return found


def _between(before: Frozen, after: Frozen) -> list[Change]:
    key, name = after["key"], _name(after)
    found = []
    if before.get("minutes") != after.get("minutes"):
        text = _("Bước “%(step)s”: thời hạn %(before)s thành %(after)s.")
        found.append(Change("limit", key, text % {"step": name, "before": _time(before), "after": _time(after)}))
    if before["role"] != after["role"]:
        text = _("Bước “%(step)s”: %(before)s thành %(after)s làm.")
        roles = {"before": role_name(before["role"]), "after": role_name(after["role"])}
        found.append(Change("role", key, text % {"step": name, **roles}))
    if before.get("agency_key", "") != after.get("agency_key", ""):
        text = _("Bước “%(step)s”: cơ quan thực hiện là %(after)s thay cho %(before)s.")
        here = _("cơ quan giải quyết")
        agencies = {"before": before.get("agency_key") or here, "after": after.get("agency_key") or here}
        found.append(Change("agency", key, text % {"step": name, **agencies}))
    if (asked_before := len(before.get("opinions", ()))) != (asked := len(after.get("opinions", ()))):
        text = _("Bước “%(step)s”: lấy %(after)s ý kiến thay vì %(before)s.")
        found.append(Change("opinions", key, text % {"step": name, "before": asked_before, "after": asked}))
    return found


def _name(step: Frozen) -> str:
    return value_text(step["name"], step.get("name_en", ""))


def _time(step: Frozen) -> str:
    minutes = step.get("minutes")
    return words(minutes) if minutes is not None else _("chưa rõ thời hạn")


def _sum(steps: Sequence[Frozen]) -> int:
    return sum(step.get("minutes") or 0 for step in steps)
