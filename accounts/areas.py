"""Which parts of the portal a post works in."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.posts_over import holds_no_post_any_more

Role = StaffPost.Role
_AREAS: list[tuple[str, Promise, set[str]]] = [
    ("desk", _("Quầy một cửa"), {Role.COUNTER}),
    ("work", _("Xử lý hồ sơ"), {Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK}),
    ("reports", _("Theo dõi"), {Role.UNIT_HEAD, Role.LEADER, Role.SUPERVISOR}),
    ("manage", _("Quản lý"), {Role.CONTROLLER, Role.ADMINISTRATOR, Role.SUPERVISOR, Role.LEADER}),
]


def areas_of(actor: Actor) -> list[tuple[str, Promise]]:
    """(address name, label) of the areas that the actor's post works in."""
    return [(name, label) for name, label, roles in _AREAS if actor.role in roles]


# Whose first question is how their agency is doing; their own work is one link away.
_BEGIN_AT: dict[str, str] = {Role.UNIT_HEAD: "reports", Role.LEADER: "reports"}


def start_page(actor: Actor) -> str:
    """Name of the address where somebody begins after signing in."""
    areas = areas_of(actor)
    if not areas and holds_no_post_any_more(actor):
        return "choose-post"
    first = areas[0][0] if areas else "my-dossiers"
    return _BEGIN_AT.get(actor.role, first)
