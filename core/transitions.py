"""The shape of a transition table: what a row says, what its action asks for, what is passed to guards and effects.

Each subject that has a life cycle inherits `Transition` and `Action`, writes its table and executes it in one place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.refusals import Refused
from vietnam.text import within_sentence


@dataclass(frozen=True)
class ActionField:
    """One input of an action; pages and the API ask for it from this declaration. Which `kind` there is, is said by
    the form that is made from it; `date` is known to all."""

    name: str
    label: str | Promise
    kind: str = "text"
    required: bool = True
    choices: tuple[tuple[str, str | Promise], ...] = ()
    hint: str | Promise = ""


@dataclass(kw_only=True)
class Action:
    """A transition being executed. A subclass adds the locked record and who executes it."""

    at: datetime
    inputs: dict[str, Any]
    recorded: dict[str, Any] = field(default_factory=dict)  # goes into the history


A = TypeVar("A", bound=Action)
S = TypeVar("S")  # the state
R = TypeVar("R", bound=Enum)  # how somebody stands to the record


@dataclass(frozen=True)
class Transition(Generic[A, S, R]):
    """One row of a table: from which states an action leads to which, and who may execute it."""

    action: str
    label: str | Promise
    sources: tuple[S, ...]
    target: S | Callable[[A], S]
    relations: tuple[R, ...]  # whoever stands in one of them may execute it
    done: str | Promise = ""  # what was done, in the words of a history
    fields: tuple[ActionField, ...] = ()
    guards: tuple[Callable[[A], None], ...] = ()  # each raises Refused
    effects: tuple[Callable[[A], None], ...] = ()
    notifies: tuple[str, ...] = ()  # audiences
    danger: bool = False  # the page marks its button as a warning

    def target_of(self, action: A) -> S:
        """The state that the action leads to."""
        return self.target(action) if callable(self.target) else self.target

    def require_inputs(self, inputs: Mapping[str, Any]) -> None:
        """Raise Refused for an input that is unknown, missing or of the wrong kind."""
        if unknown := set(inputs) - {asked.name for asked in self.fields}:
            raise Refused("unknown_input", _("Không rõ thông tin: %(names)s.") % {"names": ", ".join(sorted(unknown))})
        for asked in self.fields:
            value = inputs.get(asked.name)
            if asked.required and value in (None, "", [], ()):
                raise Refused(
                    "missing",
                    _("Hãy nhập: %(label)s.") % {"label": within_sentence(str(asked.label))},
                    field=asked.name,
                )
            if asked.kind == "date" and value not in (None, "") and not isinstance(value, date):
                raise Refused("bad_date", _("%(label)s phải là một ngày.") % {"label": asked.label}, field=asked.name)
