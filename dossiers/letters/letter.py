"""The shape of one form, and who puts its name at the head."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor
from agencies.models import Agency
from dossiers.models import Dossier
from papers import wording
from papers.issue import Marks
from papers.layout import Sheet
from papers.wording import Vocabulary, Wording

_ONE_COPY = ("",)


@dataclass(frozen=True)
class Form:
    """What a form may say (`vocabulary`) and what it says until an administrator words it otherwise (`wording`)."""

    key: str
    vocabulary: Vocabulary
    wording: Wording  # version 0
    size: str = "A4"  # a key of papers.layout.SIZES
    official: str = ""  # its number among the official forms, "01"

    def draw(self, worded: Wording, said: dict[str, Any], marks: Marks) -> Sheet:
        """The sheet that says `said` in these words. `said["copies"]` names who keeps each copy, if several do."""
        known = {
            **said,
            "number": marks.number,
            "serial": marks.number.split("/")[0],
            "year": str(marks.at.year),
            "issuer": marks.issuer.name,
        }
        copies = tuple(f"Liên {n}: {keeper}" for n, keeper in enumerate(said.get("copies") or (), 1))
        body = wording.body(worded, self.vocabulary, known)
        return Sheet(worded.title, body, size=self.size, copies=copies or _ONE_COPY)


@dataclass(frozen=True)
class Letter:
    """A form about one dossier."""

    form: Form
    issuing_agency: Callable[[Dossier, Actor], Agency]
    gather: Callable[..., dict[str, Any]]  # (dossier, *, by, at, facts) -> what may be printed, as plain JSON


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
