"""Who may see and change people, enterprises, accounts and posts."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.administration import administered_agencies, administers, administers_account, roles_to_give
from accounts.enterprises import representation_of, representations
from accounts.models import Account, Authorisation, Enterprise, Person, StaffPost
from accounts.permissions import policy, queryset_rule

Role = StaffPost.Role
_OWN = {"view", "change"}
_COUNTER = {"view", "add", "change"}


@policy(Person)
def may_person(actor: Actor, action: str, record: Person | type[Person]) -> bool:
    """A counter takes people in; everybody sees and changes their own details."""
    if actor.role == Role.COUNTER:
        return action in _COUNTER
    own = isinstance(record, Person) and actor.person is not None and record.pk == actor.person.pk
    return own and action in _OWN


@queryset_rule(Person)
def visible_people(actor: Actor, people: QuerySet[Person]) -> QuerySet[Person]:
    if actor.role == Role.COUNTER:
        return people
    return people.filter(pk=actor.person.pk) if actor.person else people.none()


@policy(Enterprise)
def may_enterprise(actor: Actor, action: str, record: Enterprise | type[Enterprise]) -> bool:
    """A counter takes enterprises in; a representative sees them and acts for them."""
    if actor.role == Role.COUNTER:
        return action in _COUNTER
    if not isinstance(record, Enterprise) or actor.person is None or action not in {"view", "act_for"}:
        return False
    return representation_of(actor.person, record, on=timezone.localdate()) is not None


@queryset_rule(Enterprise)
def visible_enterprises(actor: Actor, enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    if actor.role == Role.COUNTER:
        return enterprises
    if actor.person is None:
        return enterprises.none()
    held = representations(actor.person, on=timezone.localdate())
    return enterprises.filter(pk__in=held.order_by().values("enterprise_id"))


@policy(StaffPost)
def may_post(actor: Actor, action: str, record: StaffPost | type[StaffPost]) -> bool:
    """Administrators give, end and delegate posts of the agencies they administer; heads delegate their own."""
    if actor.role == Role.ADMINISTRATOR and action in {"view", "add", "end", "delegate"}:
        if not isinstance(record, StaffPost):
            return True
        if administers(actor, record.agency) and (action == "view" or record.role in roles_to_give(actor)):
            return True
    own = isinstance(record, StaffPost) and actor.account is not None and record.account_id == actor.account.pk
    if own and action == "delegate":
        return record.role in {Role.UNIT_HEAD, Role.LEADER} and record.delegated_by_id is None
    return own and action == "view"


@queryset_rule(StaffPost)
def visible_posts(actor: Actor, posts: QuerySet[StaffPost]) -> QuerySet[StaffPost]:
    if actor.role == Role.ADMINISTRATOR:
        return posts.filter(Q(agency__in=administered_agencies(actor).values("pk")) | Q(account=actor.account_id))
    return posts.filter(account=actor.account) if actor.account else posts.none()


@policy(Account)
def may_account(actor: Actor, action: str, record: Account | type[Account]) -> bool:
    """Everybody their own; administrators keep the accounts of staff, a counter gives citizens new passwords."""
    own = isinstance(record, Account) and actor.account is not None and record.pk == actor.account.pk
    if own:
        return action in _OWN
    if actor.role == Role.COUNTER:
        return action == "reset_password" and isinstance(record, Account) and not record.posts.exists()
    if actor.role != Role.ADMINISTRATOR or action not in {"view", "add", "lock", "reset_password", "recover"}:
        return False
    if not isinstance(record, Account):
        return True
    if action == "view":
        return record.posts.filter(agency__in=administered_agencies(actor).values("pk")).exists()
    return administers_account(actor, record)


@queryset_rule(Account)
def visible_accounts(actor: Actor, accounts: QuerySet[Account]) -> QuerySet[Account]:
    if actor.role == Role.ADMINISTRATOR:
        posts = StaffPost.objects.filter(agency__in=administered_agencies(actor).values("pk"))
        return accounts.filter(Q(pk__in=posts.values("account")) | Q(pk=actor.account_id))
    return accounts.filter(pk=actor.account.pk) if actor.account else accounts.none()


@queryset_rule(Authorisation)
def visible_authorisations(actor: Actor, rows: QuerySet[Authorisation]) -> QuerySet[Authorisation]:
    """Who gave it sees it; a counter, in the presence of who did."""
    if actor.role == Role.COUNTER:
        return rows.filter(confirmed_at__isnull=False)
    return rows.filter(grantor_person=actor.person, confirmed_at__isnull=False) if actor.person else rows.none()
