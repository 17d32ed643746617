"""The electronic copy of a scanned paper, signed by the member of the staff who answers for it being like the paper.

The signature is appended to the searchable copy and kept beside it; the original stays as it came.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import StaffPost
from core.refusals import Refused
from digitization import kinds
from digitization.models import Derivative, Scan, StoredFile
from digitization.signing import checks
from digitization.signing.sign import sign_pdf, written_moment
from digitization.signing.stamps import Stamp
from journal import outbox
from papers.signing import keys

TOPIC = "sign_copy"
_KEPT = "signed_copy"
_COPIES = (Derivative.Kind.PDFA, Derivative.Kind.PDF)


def may_be_signed(file: StoredFile) -> bool:
    """Whether there is a copy that nobody has signed. A file that came signed needs no copy to be trusted."""
    scan: Scan | None = getattr(file, "scan", None)
    if scan is None or scan.state != Scan.State.READY or checks.is_signed(scan):
        return False
    return not scan.facts.get(_KEPT, {}).get("at")


def ask_signed_copies(files: Iterable[StoredFile], post: StaffPost, at: datetime) -> int:
    """Have the copies of these files signed in the post's name; returns how many. Raises Refused without a key."""
    if not keys.has_key(keys.KeyName.of_person(post.account.username, post.account.full_name)):
        raise Refused("no_key", _("Bạn chưa có chữ ký số trong hệ thống. Hãy báo cho bộ phận kỹ thuật."))
    wanted = [file for file in files if may_be_signed(file)]
    for file in wanted:
        key = f"{TOPIC}:{file.pk}:{at.isoformat()}"
        outbox.record_message(TOPIC, {"file": str(file.pk), "post": post.pk}, key=key)
    return len(wanted)


def sign_copy(file: StoredFile, post: StaffPost, at: datetime) -> None:
    """Sign the copy, once; a second time changes nothing. What keeps it from being signed is kept in words."""
    copy = file.derivatives.filter(kind__in=_COPIES).first()
    if copy is None or not may_be_signed(file):
        return
    key = keys.KeyName.of_person(post.account.username, post.account.full_name)
    lines = ["Bản điện tử đúng với bản giấy", key.holder, post.agency.name, f"Thời gian ký: {written_moment(at)}"]
    with default_storage.open(copy.storage_name) as opened:
        content = opened.read()
    try:
        made = sign_pdf(content, key, Stamp(lines))
    except Refused as refused:
        _note(file, {"failed": str(refused.sentence)})
        return

    saved = default_storage.save(f"derived/{file.pk}/signed.pdf", ContentFile(made))
    with transaction.atomic():
        _known, new = Derivative.objects.get_or_create(
            file=file,
            kind=Derivative.Kind.SIGNED,
            page=0,
            defaults={
                "storage_name": saved,
                "media_type": kinds.PDF,
                "size": len(made),
                "sha256": hashlib.sha256(made).hexdigest(),
                "made_at": at,
            },
        )
        if new:
            _note(file, {"at": at.isoformat(), "by": key.holder})
    if not new:
        default_storage.delete(saved)


def copy_of(file: StoredFile) -> dict[str, Any]:
    """For a file's card: {"at", "by"} of its signed copy, {"failed"}, or nothing; costs no query."""
    scan: Scan | None = getattr(file, "scan", None)
    return scan.facts.get(_KEPT, {}) if scan is not None else {}


def _note(file: StoredFile, found: dict[str, Any]) -> None:
    with transaction.atomic():
        scan = Scan.objects.select_for_update().get(pk=file.pk)
        scan.facts = {**scan.facts, _KEPT: found}
        scan.save(update_fields=["facts"])
