"""Who may do what with a file: the app that owns it answers, whatever the action."""

from accounts.actors import Actor
from accounts.permissions import policy
from digitization import owners
from digitization.models import StoredFile


@policy(StoredFile)
def may_with_file(actor: Actor, action: str, file: StoredFile) -> bool:
    return action == "read" and owners.may_read(actor, file)
