"""The shape of one row of the approval workflow of editions.

Kinds of an `ActionField` here: line, text, date.
"""

from dataclasses import dataclass
from enum import Enum

from accounts.actors import Actor
from core import transitions
from core.transitions import ActionField
from procedures.models import Edition

__all__ = ["Action", "ActionField", "Relation", "Status", "Transition"]

Status = Edition.Status


class Relation(Enum):
    """How somebody stands to the catalogue's editions."""

    DRAFTER = "drafter"  # the catalogue controller
    REVIEWER = "reviewer"  # the catalogue controller or the supervisor of procedures
    APPROVER = "approver"  # a leader of the agencies named by CATALOGUE_APPROVERS
    AUTOMATIC = "automatic"


@dataclass(kw_only=True)
class Action(transitions.Action):
    """A transition of an edition being executed; the edition is locked."""

    edition: Edition
    by: Actor


class Transition(transitions.Transition[Action, Status, Relation]):
    """Who has something to do next follows from the table (`execution.next_relation`)."""
