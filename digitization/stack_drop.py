"""A stack that a network scanner brings, by HTTP or into its folder: taken once however often it is brought."""

from datetime import datetime, timedelta

from django.core.files import File
from django.db import transaction

from accounts.actors import Actor
from digitization import batches, uploads
from digitization.kinds import SCANNABLE, UploadRefused
from digitization.models import StoredFile
from digitization.signals import upload_completed

SAME_WITHIN = timedelta(days=1)


def take_in_drop(file: File, name: str, actor: Actor, at: datetime) -> bool:
    """Keep the stack at the desk of the actor's post and have it read; False for content that came within a day.

    Errors: UploadRefused.
    """
    assert actor.post is not None
    assert actor.post.desk_id is not None
    owner = batches.batch_owner(actor.post.desk_id)
    examined = uploads.examine_file(file)
    if examined.media_type not in SCANNABLE:
        raise UploadRefused("wrong_type")
    known = StoredFile.objects.present().filter(owner=owner, sha256=examined.sha256)
    if known.filter(uploaded_at__gte=at - SAME_WITHIN).exists():
        return False
    with transaction.atomic():
        stored = uploads.store_file(file, name, owner, actor)
        upload_completed.send(sender=StoredFile, file=stored, purpose="", actor=actor)
    return True
