"""Who signs an official form, and by what power, as the sheet prints it."""

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from dossiers.letters.signing import signature_block
from papers.wording import fill_wording
from reports.forms.wording import FormWording

LONGEST_TITLE, LONGEST_NAME = 300, 100


@dataclass(frozen=True)
class Signer:
    """`title` has a line each for TM., KT., TL. or TUQ. and the title itself; an empty `name` is left to be written by
    hand."""

    title: str
    name: str = ""


def usual_signer(wording: FormWording, agency: Agency, by: Actor) -> Signer:
    """Who signs for `agency` unless somebody says otherwise: `by` when they lead it, else its head, by hand."""
    leads = by.post is not None and by.post.role == StaffPost.Role.LEADER
    block = signature_block(by if leads else Actor(), agency)
    return Signer(fill_wording(wording.signed_by, block), block["signer"])
