"""What an administrator administers: one agency with the units below it, or the whole province from its office."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Account, StaffPost
from agencies.models import Agency, WorkCalendar

Role = StaffPost.Role
# Posts that see or rule beyond their agency; only who administers the province gives them.
PROVINCE_WIDE = frozenset({Role.SUPERVISOR, Role.CONTROLLER})


def administers_province(actor: Actor) -> bool:
    """Whether the post is an administrator's of an agency that PROVINCE_ADMINISTRATORS names by key."""
    post = actor.post
    return post is not None and post.role == Role.ADMINISTRATOR and post.agency.key in settings.PROVINCE_ADMINISTRATORS


def require_province(actor: Actor) -> None:
    """For what holds in the whole province. Errors: PermissionDenied for administrators of one agency."""
    if actor.role == Role.ADMINISTRATOR and not administers_province(actor):
        raise PermissionDenied


def administered_agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies whose posts, facts and hours are the actor's to keep, ended ones too."""
    if actor.post is None or actor.role != Role.ADMINISTRATOR:
        return Agency.objects.none()
    if administers_province(actor):
        return Agency.objects.all()
    own = actor.post.agency_id
    return Agency.objects.filter(Q(pk=own) | Q(parent=own) | Q(parent__parent=own))


def administers(actor: Actor, agency: Agency) -> bool:
    return administered_agencies(actor).filter(pk=agency.pk).exists()


def administers_account(actor: Actor, account: Account) -> bool:
    """Whether every post that the account holds or will hold is at the actor's agencies: who also works elsewhere, or
    for the whole province, is locked or given a new password by who administers the province."""
    lasting = StaffPost.objects.filter(account=account).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate())
    )
    if not lasting.exists():
        lasting = StaffPost.objects.filter(account=account)
    if administers_province(actor):
        return lasting.exists()
    own = administered_agencies(actor).values("pk")
    elsewhere = lasting.exclude(agency__in=own) | lasting.filter(role__in=PROVINCE_WIDE)
    return lasting.exists() and not elsewhere.exists()


def roles_to_give(actor: Actor) -> list[str]:
    """The roles of posts that the actor may give."""
    return [role for role in Role.values if administers_province(actor) or role not in PROVINCE_WIDE]


def administers_calendar(actor: Actor, calendar: WorkCalendar) -> bool:
    """Whether nobody but the actor's agencies counts by the calendar."""
    if administers_province(actor):
        return True
    own = administered_agencies(actor).values("pk")
    users = Agency.objects.filter(Q(calendar=calendar) | Q(calendar__base=calendar) | Q(desks__calendar=calendar))
    return users.exists() and not users.exclude(pk__in=own).exists()
