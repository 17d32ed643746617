"""The shape of one form, and who puts its name at the head."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor
from agencies.models import Agency
from dossiers.models import Dossier
from papers.issue import Marks
from papers.layout import Sheet


@dataclass(frozen=True)
class Letter:
    form: str
    title: str
    sign: str  # after the number: "12/TNHS"
    issuing_agency: Callable[[Dossier, Actor], Agency]
    gather: Callable[..., dict[str, Any]]  # (dossier, *, by, at, facts) -> what is printed, as plain JSON
    draw: Callable[[dict[str, Any], Marks], Sheet]


def one_stop_unit(dossier: Dossier, _by: Actor) -> Agency:
    """Whoever took the dossier in."""
    agency = dossier.receiving_agency or dossier.settling_agency
    assert agency is not None, "a dossier that gets a paper has its agencies"
    return agency


def settling_agency(dossier: Dossier, by: Actor) -> Agency:
    return dossier.settling_agency or one_stop_unit(dossier, by)


def agency_of_post(dossier: Dossier, by: Actor) -> Agency:
    """The agency of the person who acts: the counter and the appraiser each answer for what they ask."""
    return by.post.agency if by.post else one_stop_unit(dossier, by)
