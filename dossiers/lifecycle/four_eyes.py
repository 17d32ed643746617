"""Four eyes on every decision: whoever appraised a dossier does not approve or reject it, in whichever post.

People are meant, not posts: an officer may hold the leader's post by delegation. Which step was done is told by what it
carries of the life cycle, so that an agency's own route is held as the standard one is.
"""

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import StaffPost
from core.refusals import NotAllowed
from dossiers.lifecycle.transitions import Action
from dossiers.models import Participation

Part = Participation.Part
_PART = "SELECT part FROM dossiers_participation WHERE dossier_id = %s AND account_id = %s"


def not_decided_before(action: Action) -> None:
    """Guard of what may appraise: a dossier that was opened again is not appraised by who once decided on it."""
    if _appraises(action) and _took_part(action, Part.DECIDED):
        raise NotAllowed("four_eyes", _("Bạn đã phê duyệt hồ sơ này nên không được thẩm định. Hãy giao người khác."))


def not_appraised_before(action: Action) -> None:
    """Guard of what decides."""
    if _took_part(action, Part.APPRAISED):
        raise NotAllowed(
            "four_eyes", _("Người thẩm định không được tự phê duyệt hồ sơ của mình. Hãy chờ người có thẩm quyền khác.")
        )


def note_appraisal(action: Action) -> None:
    """Effect of what may appraise; stands before the effect that ends the step."""
    if _appraises(action):
        _note(action, Part.APPRAISED)


def note_decision(action: Action) -> None:
    """Effect of approving and rejecting."""
    _note(action, Part.DECIDED)


def _appraises(action: Action) -> bool:
    """Whether the running step appraises, or prepares the decision by an officer's hand."""
    step = action.step
    return step.carries == "verify" or (step.carries == "submit" and step.role == StaffPost.Role.OFFICER)


def _took_part(action: Action, part: str) -> bool:
    """Asked of the database once an action: nobody else may note anything while the dossier is locked."""
    if action.part_of_actor is None:
        with connection.cursor() as cursor:
            cursor.execute(_PART, [action.dossier.pk, action.by.account_id])
            (action.part_of_actor,) = cursor.fetchone() or ("",)
    return action.part_of_actor == part


def _note(action: Action, part: str) -> None:
    if not _took_part(action, part):
        action.dossier.participations.create(account_id=action.by.account_id, part=part, at=action.at)
        action.part_of_actor = part
