"""Who may handle folders, and who may read the records by which they change hands."""

import uuid
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.permissions import may, policy, queryset_rule
from dossiers.models import Folder, HandOver
from papers.models import Paper

Role = StaffPost.Role
CUSTODY_ROLES = (Role.COUNTER, Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK)
VIEWING_ROLES = (*CUSTODY_ROLES, Role.SUPERVISOR)
PAPER_PREFIX = "handover"


@policy(Folder)
def may_folder(actor: Actor, action: str, record: Any) -> bool:
    """Whoever holds a folder in their hands may look up where it belongs, and say that it is here."""
    if action in ("list", "view"):
        return actor.role in VIEWING_ROLES
    return action == "put" and actor.role in CUSTODY_ROLES


@queryset_rule(Folder)
def visible_folders(actor: Actor, folders: QuerySet) -> QuerySet:
    """In lists: those at the actor's agency, wanted there, or of dossiers that it settles."""
    post = actor.post
    if post is None or post.role not in VIEWING_ROLES:
        return folders.none()
    if post.role == Role.SUPERVISOR:
        return folders
    mine = post.agency_id
    return folders.filter(Q(agency=mine) | Q(wanted_at=mine) | Q(dossier__settling_agency=mine))


@policy(HandOver)
def may_hand_over(actor: Actor, action: str, record: Any) -> bool:
    """Both sides see a record; it lists people, so supervisors do not."""
    if not isinstance(record, HandOver):
        return action == "list" and actor.role in CUSTODY_ROLES
    if action == "view":
        return _gives(actor, record) or _takes(actor, record)
    if action == "give":
        return _gives(actor, record)
    return action == "take" and _takes(actor, record)


def _gives(actor: Actor, record: HandOver) -> bool:
    return actor.role in CUSTODY_ROLES and actor.post.agency_id == record.from_agency_id


def _takes(actor: Actor, record: HandOver) -> bool:
    return actor.role in CUSTODY_ROLES and actor.post.agency_id == record.to_agency_id


@queryset_rule(HandOver)
def visible_hand_overs(actor: Actor, records: QuerySet) -> QuerySet:
    post = actor.post
    if post is None or post.role not in CUSTODY_ROLES:
        return records.none()
    return records.filter(Q(from_agency=post.agency_id) | Q(to_agency=post.agency_id))


def may_read_record(actor: Actor, owner_ref: str, paper: Paper) -> bool:
    """Registered as the rule of papers under PAPER_PREFIX."""
    try:
        uid = uuid.UUID(owner_ref.partition(":")[2])
    except ValueError:
        return False
    record = HandOver.objects.filter(uid=uid).first()
    return record is not None and may(actor, "view", record)
