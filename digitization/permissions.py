"""Who may do what with a file: the app whose record it belongs to answers, whatever the action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.permissions import policy
from core import references
from core.references import Column, WhenDeleted
from digitization.models import StoredFile


def _nobody(_actor: Actor, _reference: str) -> bool:
    return False


@dataclass(frozen=True)
class FileRules:
    """What a record's app answers about its files, each question with the actor and the whole record reference."""

    may_read: Callable[[Actor, str, StoredFile], bool]
    may_add: Callable[[Actor, str], bool] = _nobody  # by resumable upload


@policy(StoredFile)
def may_with_file(actor: Actor, action: str, file: StoredFile) -> bool:
    return action == "read" and may_read_file(actor, file)


def may_read_file(actor: Actor, file: StoredFile) -> bool:
    rules = references.answers_for(file.owner, FileRules)
    return file.removed_at is None and rules is not None and rules.may_read(actor, file.owner, file)


def may_add_file(actor: Actor, reference: str) -> bool:
    rules = references.answers_for(reference, FileRules)
    return rules is not None and rules.may_add(actor, reference)


def _take_back(files: QuerySet[Any], at: datetime) -> None:
    files.update(removed_at=at)


references.register_column(
    Column("digitization.StoredFile", "owner", WhenDeleted.DISCARD, Q(removed_at=None), discard=_take_back)
)
references.register_column(Column("digitization.BatchPart", "owner", WhenDeleted.KEEP))
