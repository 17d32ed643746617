"""The shape of one row of the life-cycle table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.utils.functional import Promise

from accounts.actors import Actor
from dossiers.access.relations import Relation
from dossiers.models import Dossier, State, StepRun


class Clock(Enum):
    """What an act does to the legal time."""

    NONE = "none"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"


@dataclass(frozen=True)
class ActionField:
    """Something that must be said with an act; pages and the API ask for it from this one declaration."""

    name: str
    label: str | Promise
    # text | line | items | choice | decimal | date | post | file | amount | money (may be 0) | claims | agencies |
    # opinion | step_back | papers | result
    kind: str = "text"
    required: bool = True
    choices: tuple[tuple[str, str | Promise], ...] = ()
    hint: str | Promise = ""
    each: bool = False  # differs from dossier to dossier: not asked once for many


@dataclass
class Action:
    """A transition being executed: the locked dossier, who acts, when, and the inputs of the action."""

    dossier: Dossier
    by: Actor
    at: datetime
    inputs: dict[str, Any]
    recorded: dict[str, Any] = field(default_factory=dict)  # goes into the event
    papers: list[str] = field(default_factory=list)  # codes of papers issued with it
    # Executes a transition of another dossier within this one's transaction; given by `execution`.
    execute: Callable[..., Any] | None = None

    @property
    def step(self) -> StepRun:
        """The running step; the table's rows that ask for it hold only while there is one."""
        if self.dossier.step is None:
            raise LookupError(f"{self.dossier} has no running step")
        return self.dossier.step


Effect = Callable[[Action], None]
Guard = Callable[[Action], None]


@dataclass(frozen=True)
class Transition:
    action: str
    label: str | Promise
    sources: tuple[State, ...]
    target: State | Callable[[Action], State]
    who: tuple[Relation, ...]
    # What was done, as the timeline says it.
    done: str | Promise = ""
    law: str | Promise = ""
    clock: Clock = Clock.NONE
    fields: tuple[ActionField, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    paper: str = ""  # form issued by the act (dossiers.letters)
    tells: tuple[str, ...] = ()  # "applicant", "holder", "head", "counter"
    then: str = ""  # an automatic transition that follows in the same transaction
    steps: tuple[str, ...] = ()  # only while the route stands at one of these steps
    public: bool = True  # the applicant sees it on the timeline
    # Whether it is offered at all, where a guard would refuse it for everybody; the guards alone judge.
    offered: Callable[[Dossier], bool] | None = None
    bulk: bool = False  # may be done on many dossiers at once, each judged by itself
    ends_in: tuple[State, ...] = ()  # where a target that depends on the dossier can lead
    danger: bool = False

    @property
    def keeps_state(self) -> bool:
        return callable(self.target) or self.target in self.sources
