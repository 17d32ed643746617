"""The shape of one row of the life-cycle table of dossiers.

Kinds of an `ActionField` here: text, line, items, choice, decimal, date, post, file, amount, money (may be 0), claims,
agencies, agency (one, by its code), opinion, step_back, papers, result, document, count, tick, and yes: a tick that
is asked for only once a guard has refused for want of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.functional import Promise

from accounts.actors import Actor
from core import transitions
from dossiers.access.relations import Relation
from dossiers.models import Dossier, State, StepRun

__all__ = ["Action", "ActionField", "Clock", "Transition"]


@dataclass(frozen=True)
class ActionField(transitions.ActionField):
    """An input of an action on a dossier."""

    each: bool = False  # differs from dossier to dossier: not asked once for many
    at_counter: bool = False  # staff say it; an applicant's own page does not ask
    needed_at_counter: bool = False  # with it: staff must say it
    only_for: tuple[str, ...] = ()  # the kinds of mistake that it is about


class Clock(Enum):
    """What an action does to the legal time."""

    NONE = "none"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"


@dataclass(kw_only=True)
class Action(transitions.Action):
    """A transition of a dossier being executed; the dossier is locked."""

    dossier: Dossier
    by: Actor
    papers: list[str] = field(default_factory=list)  # codes of papers issued with it
    part_of_actor: str | None = None  # what the actor did in it before; None until `four_eyes` has asked
    # Executes a transition of another dossier within this one's transaction; given by `execution`.
    execute: Callable[..., Any] | None = None

    @property
    def step(self) -> StepRun:
        """The running step; the table's rows that ask for it hold only while there is one."""
        if self.dossier.step is None:
            raise LookupError(f"{self.dossier} has no running step")
        return self.dossier.step


@dataclass(frozen=True)
class Transition(transitions.Transition[Action, State, Relation]):
    """`notifies` names audiences: "applicant", "holder", "head", "counter", "receiving_head", "consulted", "asker"."""

    fields: tuple[ActionField, ...] = ()
    law: str | Promise = ""
    staff_label: str | Promise = ""  # what it is called for staff, where the words for applicants do not fit
    clock: Clock = Clock.NONE
    paper: str = ""  # form issued by the action (dossiers.letters)
    then: str = ""  # an automatic transition that follows in the same transaction
    steps: tuple[str, ...] = ()  # only while the route stands at one of these steps
    public: bool = True  # the applicant sees it on the timeline
    remarked: bool = False  # its reason is a remark of officers to each other, which the applicant does not read
    # Whether it is offered at all, where a guard would refuse it for everybody; only the guards decide.
    offered: Callable[[Dossier], bool] | None = None
    bulk: bool = False  # may be done on many dossiers at once, each checked by itself
    moves: tuple[tuple[State, State], ...] = ()  # from where to where a target that depends on the dossier can lead

    @property
    def label_for_staff(self) -> str | Promise:
        return self.staff_label or self.label

    @property
    def keeps_state(self) -> bool:
        return callable(self.target) or self.target in self.sources
