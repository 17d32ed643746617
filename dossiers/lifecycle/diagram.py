"""The life cycle drawn from its table, for the documentation: a Mermaid state diagram and a table of actions."""

from django.utils.translation import override

from dossiers.lifecycle.table import TABLE
from dossiers.lifecycle.transitions import Transition
from dossiers.models import State


def _targets(rule: Transition) -> tuple[State, ...]:
    return rule.ends_in if callable(rule.target) else (rule.target,)


def mermaid() -> str:
    """A state diagram; actions that keep the state are left to the table."""
    lines = ["stateDiagram-v2", "    [*] --> DRAFT"]
    lines += [f"    {state.name}: {state.value} · {state.label}" for state in State]
    for rule in TABLE.values():
        for source in rule.sources:
            for target in _targets(rule):
                if source != target:
                    lines.append(f"    {source.name} --> {target.name}: {rule.label}")
    lines += [f"    {state.name} --> [*]" for state in (State.NOT_RECEIVED, State.STOPPED, State.RETURNED)]
    return "\n".join(lines)


def table() -> str:
    """Every row in Markdown."""
    rows = [
        "| action | in words | from | to | who | clock | paper | notifies | law |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for rule in TABLE.values():
        targets = ", ".join(str(t.value) for t in _targets(rule)) or "="
        if not callable(rule.target) and rule.target in rule.sources and len(rule.sources) == 1:
            targets = "="
        rows.append(
            f"| `{rule.action}` | {rule.label} | {', '.join(str(s.value) for s in rule.sources)} | {targets} "
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
