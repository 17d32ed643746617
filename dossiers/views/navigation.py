"""The local navigation of the staff's areas."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import StaffPost

Role = StaffPost.Role
# Keys of the pages that are opened all day (frontend/js/keys.js).
_KEYS = {
    "desk": "alt+t",
    "desk-inbox": "alt+o",
    "desk-returns": "alt+r",
    "desk-search": "alt+s",
    "work": "alt+t",
    "work-search": "alt+s",
    "work-messages": "alt+m",
    "hand-overs": "alt+g",
}


def items(request: HttpRequest) -> list[dict[str, Any]]:
    """Links of the area that the actor's post works in."""
    if request.actor.role == Role.COUNTER:
        links = [
            ("desk", _("Tiếp nhận")),
            ("desk-inbox", _("Hồ sơ trực tuyến")),
            ("desk-returns", _("Trả kết quả")),
            ("desk-scans", _("Quét xấp")),
            ("hand-overs", _("Bàn giao")),
            ("money", _("Thu tiền")),
            ("desk-search", _("Tìm hồ sơ")),
            ("work-messages", _("Tin nhắn")),
            ("registers", _("Sổ theo dõi")),
        ]
    elif request.actor.role in (Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK):
        links = [("work", _("Việc cần làm")), ("work-search", _("Tìm hồ sơ")), ("work-messages", _("Tin nhắn"))]
        links.append(("hand-overs", _("Bàn giao")))
        if request.actor.role != Role.OFFICER:
            links.append(("registers", _("Sổ theo dõi")))
        if request.actor.role in (Role.UNIT_HEAD, Role.LEADER):
            links.append(("money", _("Thu tiền")))
            links.append(("folders-missing", _("Thất lạc")))
            links.append(("work-feedback", _("Phản ánh, kiến nghị")))
        if request.actor.role == Role.LEADER:
            links.append(("manage-destruction", _("Tiêu hủy")))
    elif request.actor.role == Role.SUPERVISOR:
        links = [
            ("reports", _("Theo dõi")),
            ("money", _("Thu tiền")),
            ("folders-missing", _("Thất lạc")),
            ("work-feedback", _("Phản ánh, kiến nghị")),
        ]
    else:
        links = []
    return [
        {"label": label, "url": url, "current": request.path == url, "key": _KEYS.get(name, "")}
        for url, name, label in ((reverse(name), name, label) for name, label in links)
    ]
