"""Opinions of other bodies, asked side by side while the dossier is appraised."""

from django.utils.translation import gettext_lazy as _

from dossiers.access.relations import Relation
from dossiers.lifecycle import offers, opinions
from dossiers.lifecycle.rows.inputs import REASON
from dossiers.lifecycle.transitions import ActionField, Transition
from dossiers.models import Opinion, State

ROWS = (
    Transition(
        "ask_opinion",
        _("Lấy ý kiến cơ quan liên quan"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.STEP,),
        done=_("Đã gửi lấy ý kiến các cơ quan liên quan"),
        fields=(
            ActionField("agencies", _("Cơ quan được lấy ý kiến"), kind="agencies"),
            ActionField("question", _("Nội dung cần cho ý kiến")),
            ActionField("limit_days", _("Thời hạn trả lời (ngày làm việc)"), kind="decimal"),
        ),
        effects=(opinions.request_opinions,),
        notifies=("consulted",),
        steps=("verify",),
    ),
    Transition(
        "give_opinion",
        _("Trả lời ý kiến"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.CONSULTED,),
        done=_("Cơ quan được hỏi đã trả lời ý kiến"),
        fields=(
            ActionField("view", _("Ý kiến"), kind="choice", choices=tuple(Opinion.View.choices)),
            ActionField("answer", _("Nội dung trả lời")),
            ActionField("file", _("Văn bản kèm theo"), kind="file", required=False),
        ),
        effects=(opinions.give_opinion,),
        notifies=("holder",),
        public=False,
    ),
    Transition(
        "close_opinion",
        _("Thôi chờ ý kiến"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.STEP,),
        done=_("Không chờ ý kiến nữa"),
        fields=(ActionField("opinion", _("Cơ quan chưa trả lời"), kind="opinion"), REASON),
        offered=offers.awaits_opinions,
        guards=(opinions.some_open,),
        effects=(opinions.close_opinions,),
        steps=("verify", "submit", "approve"),
        public=False,
    ),
)
