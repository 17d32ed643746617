"""A difference in words: what the portal's field means, what each side says, and what probably mends it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.models import State
from exchange.connectors.national.differences import MISSING
from exchange.connectors.national.values import present_mapping
from exchange.models import Difference
from vietnam.dates import format_moment
from vietnam.working_time import VIETNAM

_VALUES = {
    "state": gettext_lazy("Trạng thái hồ sơ"),
    "received_at": gettext_lazy("Ngày tiếp nhận"),
    "due_at": gettext_lazy("Ngày hẹn trả"),
    "finished_at": gettext_lazy("Ngày giải quyết xong"),
    "returned_at": gettext_lazy("Ngày trả kết quả"),
}


@dataclass(frozen=True)
class Explained:
    """`takable`: whether doing as the portal says can mend it."""

    difference: Difference
    label: str
    ours: str
    theirs: str
    why: str
    takable: bool


def explain_difference(difference: Difference) -> Explained:
    """Needs the difference with its synchronisation and dossier."""
    value = present_mapping()["dossier"].get(difference.field, "")
    from_portal = bool(difference.synchronisation.external_id)
    if difference.field == MISSING:
        why = _("Cổng quốc gia không có hồ sơ này: tin gửi lần trước bị mất. Hãy gửi lại dữ liệu của tỉnh.")
        return Explained(difference, _("Cổng quốc gia chưa có hồ sơ này"), difference.ours, "", why, False)
    label = str(_VALUES.get(value, difference.field))
    ours, theirs = _in_words(value, difference.ours), _in_words(value, difference.theirs)
    withdrawn = value == "state" and difference.theirs == str(int(State.WITHDRAWN))
    if withdrawn and from_portal:
        why = _("Người dân đã rút hồ sơ ở Cổng quốc gia. Làm theo Cổng quốc gia thì hồ sơ ở đây cũng được rút.")
    elif value == "state" and from_portal:
        why = _(
            "Tin gửi lần trước bị mất, hoặc người dân vừa bổ sung ở Cổng quốc gia. Làm theo Cổng quốc gia thì phần bổ "
            "sung được nhận; không có gì mới thì hãy gửi lại dữ liệu của tỉnh."
        )
    else:
        why = _("Cổng quốc gia chưa nhận thay đổi sau cùng. Giá trị này do cơ quan của tỉnh quyết định: hãy gửi lại.")
    return Explained(difference, label, ours, theirs, why, value == "state" and from_portal)


def _in_words(value: str, text: str) -> str:
    """A state by its name, a moment as people write it; anything else as it is."""
    if value == "state" and text.isascii() and text.isdigit() and int(text) in State.values:
        return f"{text} · {State(int(text)).label}"
    if value == "state" and text:
        return _("%(code)s · mã chưa có trong mười trạng thái đã thống nhất") % {"code": text}
    try:
        moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return text
    return format_moment(moment)
