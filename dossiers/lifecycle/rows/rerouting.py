"""Another version of the internal route, for a dossier that is under way."""

from django.utils.translation import gettext_lazy as _

from dossiers.access.relations import Relation
from dossiers.lifecycle import guards, route_change
from dossiers.lifecycle.rows.inputs import REASON
from dossiers.lifecycle.transitions import Transition
from dossiers.models import State

ROWS = (
    Transition(
        "change_route",
        _("Chuyển sang quy trình hiện hành"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.SUPERVISOR,),
        done=_("Đã chuyển hồ sơ sang quy trình hiện hành"),
        fields=(REASON,),
        guards=(guards.clock_runs,),
        effects=(route_change.change_route,),
        notifies=("holder", "head"),
        public=False,
        bulk=True,
    ),
)
