"""The life cycle drawn from its table, for the documentation: a Mermaid state diagram and a table of actions."""

from django.utils.translation import override

from dossiers.lifecycle.table import TABLE
from dossiers.lifecycle.transitions import Transition
from dossiers.models import State


def _moves(rule: Transition) -> list[tuple[State, State]]:
    """From where to where the action takes a dossier; what keeps the state is no move."""
    if callable(rule.target):
        return list(rule.moves)
    return [(source, rule.target) for source in rule.sources if source != rule.target]


def _ends(rule: Transition) -> str:
    """The states that it leads to, with `=` where a dossier may also stay in its own."""
    moves = _moves(rule)
    stays = {source for source in rule.sources if source not in {before for before, _after in moves}}
    return ", ".join([*(["="] if stays else []), *dict.fromkeys(str(after.value) for _before, after in moves)])


def mermaid() -> str:
    """A state diagram; actions that keep the state are left to the table."""
    lines = ["stateDiagram-v2", "    [*] --> DRAFT"]
    lines += [f"    {state.name}: {state.value} · {state.label}" for state in State]
    for rule in TABLE.values():
        lines += [f"    {before.name} --> {after.name}: {rule.label}" for before, after in _moves(rule)]
    lines += [f"    {state.name} --> [*]" for state in (State.NOT_RECEIVED, State.STOPPED, State.RETURNED)]
    return "\n".join(lines)


def table() -> str:
    """Every row in Markdown."""
    rows = [
        "| action | in words | from | to | who | clock | paper | notifies | law |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for rule in TABLE.values():
        rows.append(
            f"| `{rule.action}` | {rule.label} | {', '.join(str(s.value) for s in rule.sources)} | {_ends(rule)} "
            f"| {', '.join(r.value for r in rule.relations)} | {rule.clock.value} | {rule.paper or '–'} "
            f"| {', '.join(rule.notifies) or '–'} | {rule.law or '–'} |"
        )
    return "\n".join(rows)


def page() -> str:
    """docs/lifecycle.md, whole."""
    with override("vi"):
        return (
            "# The life cycle of a dossier\n\n"
            "Made from `dossiers/lifecycle/table.py` by `manage.py draw_lifecycle > docs/lifecycle.md`; a test "
            "compares the two.\n\n"
            f"```mermaid\n{mermaid()}\n```\n\n"
            "`=` in the column *to* keeps the state. States bear the numbers of the National Public Service Portal.\n\n"
            f"{table()}\n"
        )
