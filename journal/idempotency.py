"""Doing a thing once for a key that the caller sent."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Stale
from journal.models import IdempotencyKey

_CLAIM = """
    INSERT INTO journal_idempotencykey (scope, key, fingerprint, created_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""


class KeyReused(Stale):
    """The key was used before for a different request."""

    def __init__(self) -> None:
        sentence = _(
            "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Việc mới thì đặt khóa mới; gửi lại thì gửi đúng "
            "nội dung cũ."
        )
        super().__init__("key_reused", sentence)


def run_once(scope: str, key: str, request: bytes, make: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """Call `make` once for (scope, key) and keep its JSON result; returns (result, made_now).

    Two callers at once: the second waits for the first's transaction and gets its result. Raises KeyReused when
    the key came with other bytes before.
    """
    fingerprint = hashlib.sha256(request).hexdigest()
    with transaction.atomic():
        if (new := _claimed(scope, key, fingerprint)) is not None:
            result = make()
            IdempotencyKey.objects.filter(pk=new).update(result=result)
            return result, True
        row = IdempotencyKey.objects.get(scope=scope, key=key)
        if row.fingerprint != fingerprint:
            raise KeyReused
        assert row.result is not None  # written by the transaction that claimed the key
        return row.result, False


def _claimed(scope: str, key: str, fingerprint: str) -> int | None:
    """The new row of a key; None when it was used before, by a transaction that has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [scope, key, fingerprint, timezone.now()])
        found = cursor.fetchone()
    return found[0] if found else None


def new_form_key() -> str:
    """A key that a page's form carries, so that what it begins is begun once however often it is sent."""
    return uuid.uuid4().hex
