"""How the parts of a route are named to people."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import StaffPost
from procedures.display import value_text
from procedures.routes.steps import ROLES, Step

ACT_NAMES: dict[str, Promise] = {
    "receive": gettext_lazy("Tiếp nhận và chuyển hồ sơ"),
    "assign": gettext_lazy("Phân công thụ lý"),
    "verify": gettext_lazy("Thẩm tra, xử lý hồ sơ"),
    "submit": gettext_lazy("Kiểm tra và trình"),
    "approve": gettext_lazy("Phê duyệt kết quả"),
    "issue": gettext_lazy("Phát hành kết quả"),
    "return": gettext_lazy("Trả kết quả"),
}
ROLE_NAMES: dict[str, str | Promise] = {role: StaffPost.Role(role).label for role in ROLES}


def act_name(act: str) -> str:
    return str(ACT_NAMES.get(act, act))


def role_name(role: str) -> str:
    return str(ROLE_NAMES.get(role, role))


def step_name(step: Step) -> str:
    return value_text(step.name, step.name_en)


def numbered(position: int, step: Step) -> str:
    """ "Bước 3 “Thẩm tra hồ sơ”", as sentences about a route name its steps."""
    name = step_name(step)
    if not name:
        return _("Bước %(n)s") % {"n": position}
    return _("Bước %(n)s “%(name)s”") % {"n": position, "name": name}
