"""What happens when a step of the route begins, whichever action begins it: asking, opening, once each."""

from collections.abc import Callable

from dossiers.lifecycle import linked, opinions
from dossiers.lifecycle.transitions import Action

STEP_BEGUN: tuple[Callable[[Action], None], ...] = (opinions.ask_planned, linked.open_planned)


def follow_step(action: Action, before: int | None) -> None:
    """Do what the route plans for a step that was begun since the step with the id `before` ran."""
    if action.dossier.step_id is None or action.dossier.step_id == before:
        return
    for follow in STEP_BEGUN:
        follow(action)
