"""Doing a thing once for a key that the caller sent."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.refusals import Stale
from journal.models import IdempotencyKey


class KeyReused(Stale):
    """The key was used before for a different request."""

    def __init__(self) -> None:
        super().__init__("key_reused", _("Khóa Idempotency-Key này đã dùng cho một yêu cầu khác."))


def run_once(scope: str, key: str, request: bytes, make: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """Call `make` once for (scope, key) and keep its JSON result; returns (result, made_now).

    Two callers at once: the second waits for the first's transaction and gets its result. Raises KeyReused when
    the key came with other bytes before.
    """
    fingerprint = hashlib.sha256(request).hexdigest()
    with transaction.atomic():
        IdempotencyKey.objects.bulk_create(
            [IdempotencyKey(scope=scope, key=key, fingerprint=fingerprint)], ignore_conflicts=True
        )
        row = IdempotencyKey.objects.select_for_update().get(scope=scope, key=key)
        if row.fingerprint != fingerprint:
            raise KeyReused
        if row.result is None:
            row.result = make()
            row.save(update_fields=["result"])
            return row.result, True
        return row.result, False


def new_form_key() -> str:
    """A key that a page's form carries, so that what it begins is begun once however often it is sent."""
    return uuid.uuid4().hex
