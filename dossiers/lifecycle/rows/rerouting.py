"""Another version of the internal route, for a dossier that is under way."""

from django.utils.translation import gettext_lazy as _

from dossiers import rerouting
from dossiers.lifecycle import guards as need
from dossiers.lifecycle.rows.receiving import REASON
from dossiers.lifecycle.transitions import Transition, Who
from dossiers.models import State

ROWS = (
    Transition(
        "change_route",
        _("Chuyển sang quy trình hiện hành"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Who.SUPERVISOR,),
        done=_("Đã chuyển hồ sơ sang quy trình hiện hành"),
        facts=(REASON,),
        guards=(need.clock_runs,),
        effects=(rerouting.change_route,),
        tells=("holder", "head"),
        public=False,
        bulk=True,
    ),
)
