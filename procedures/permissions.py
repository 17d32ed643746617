"""Who may do what with the catalogue: everybody reads what is published, a controller governs it."""

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.permissions import policy, queryset_rule
from procedures.models import UNDER_WAY, Confirmation, Edition, ImportRun, OpenQuery, Procedure

_CONTROLLER = StaffPost.Role.CONTROLLER


@policy(Procedure)
def procedure(actor: Actor, action: str, record: Procedure | type[Procedure]) -> bool:
    if action == "see":
        internal = isinstance(record, Procedure) and record.kind == Procedure.Kind.INTERNAL
        return actor.is_staff if internal else True
    return actor.role == _CONTROLLER


@policy(Edition)
def edition(actor: Actor, action: str, record: Edition | type[Edition]) -> bool:
    if action == "see" and isinstance(record, Edition):
        unpublished = record.status in (*UNDER_WAY, Edition.Status.WITHDRAWN)
        return procedure(actor, "see", record.procedure) and (actor.is_staff or not unpublished)
    return actor.role == _CONTROLLER


@policy(OpenQuery)
def open_query(actor: Actor, action: str, record: OpenQuery | type[OpenQuery]) -> bool:
    return actor.role == _CONTROLLER


@policy(Confirmation)
def confirmation(actor: Actor, action: str, record: Confirmation | type[Confirmation]) -> bool:
    """Whoever may be the second person reads it; that they are two is held by procedures.review.confirmations."""
    return actor.role in (_CONTROLLER, StaffPost.Role.SUPERVISOR, StaffPost.Role.LEADER)


@policy(ImportRun)
def import_run(actor: Actor, action: str, record: ImportRun | type[ImportRun]) -> bool:
    return actor.role == _CONTROLLER


@queryset_rule(Procedure)
def visible_procedures(actor: Actor, queryset: QuerySet[Procedure]) -> QuerySet[Procedure]:
    published = queryset.filter(current__isnull=False)
    return published if actor.is_staff else published.exclude(kind=Procedure.Kind.INTERNAL)


@queryset_rule(Edition)
def visible_editions(actor: Actor, queryset: QuerySet[Edition]) -> QuerySet[Edition]:
    if actor.is_staff:
        return queryset
    unpublished = [*UNDER_WAY, Edition.Status.WITHDRAWN]
    return queryset.exclude(procedure__kind=Procedure.Kind.INTERNAL).exclude(status__in=unpublished)


@queryset_rule(OpenQuery)
def visible_queries(actor: Actor, queryset: QuerySet[OpenQuery]) -> QuerySet[OpenQuery]:
    return queryset if actor.role == _CONTROLLER else queryset.none()


@queryset_rule(ImportRun)
def visible_imports(actor: Actor, queryset: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
    return queryset if actor.role == _CONTROLLER else queryset.none()
