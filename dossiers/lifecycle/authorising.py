"""The counter's check of an authorisation paper: before it nothing filed for somebody else is received."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import authorisations
from core.refusals import Refused
from dossiers import search
from dossiers.access.relations import filer_may_act
from dossiers.filing.authorisation import own_dossier, waits_for_check
from dossiers.filing.eligibility import require_eligible
from dossiers.lifecycle.transitions import Action
from dossiers.models import FilingGround


def require_checked(action: Action) -> None:
    """Guard: a dossier filed for another is received only after a counter has checked the paper, while it holds."""
    dossier = action.dossier
    if dossier.filing_ground != FilingGround.AUTHORISED or dossier.authorisation is None:
        return
    if waits_for_check(dossier):
        raise Refused(
            "authorisation_unchecked",
            _("Hãy kiểm tra văn bản ủy quyền và xác nhận trước khi tiếp nhận; nếu không đúng, hãy yêu cầu bổ sung."),
        )
    if not filer_may_act(dossier):
        raise Refused("authorisation_ended", _("Ủy quyền đã hết hiệu lực hoặc đã thu hồi. Hãy yêu cầu bổ sung."))


def require_unchecked(action: Action) -> None:
    if not waits_for_check(action.dossier) or action.dossier.authorisation is None:
        raise Refused("no_authorisation", _("Hồ sơ này không có văn bản ủy quyền chờ kiểm tra."))


def confirm_paper(action: Action) -> None:
    """Effect: the paper is right; from now on the dossier belongs to who gave it, and their list shows it."""
    dossier, given = action.dossier, action.inputs
    assert dossier.authorisation is not None  # the guard has seen it
    row = authorisations.confirm_authorisation(
        dossier.authorisation,
        paper=str(given["paper"]),
        scope=str(given["scope"]),
        procedure_code=dossier.edition.procedure.code,
        valid_to=given.get("valid_to"),
        by=action.by,
        at=action.at,
        on=timezone.localdate(action.at),
    )
    own_dossier(dossier, row)
    require_eligible(dossier)
    search.index_dossier(dossier)
    action.recorded |= {"authorisation": row.pk, "scope": row.scope}
