"""Where a connected system wants to be told: addresses, signing secrets and their change, each on record."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from core.web_addresses import address_parts
from dossiers.lifecycle import TABLE
from exchange.models import ConnectedSystem, WebhookEndpoint
from journal import audit_log
from journal.outgoing_calls import is_private

FORMER_SECRET_HOLDS = timedelta(days=2)
MOST_PER_SYSTEM = 10


def add_endpoint(
    system: ConnectedSystem, url: str, *, actions: list[str], by: Actor, at: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its signing secret (``whsec_…``), which is shown this once. Raises Refused."""
    address = checked_address(url)
    if unknown := sorted(set(actions) - set(TABLE)):
        raise Refused(
            "unknown_action", _("Không có thao tác: %(names)s.") % {"names": ", ".join(unknown)}, field="actions"
        )
    if system.webhooks.filter(active=True).count() >= MOST_PER_SYSTEM:
        sentence = _("Mỗi hệ thống có nhiều nhất %(most)s địa chỉ nhận tin. Hãy bỏ một địa chỉ cũ trước.")
        raise Refused("too_many", sentence % {"most": MOST_PER_SYSTEM})
    secret = new_secret()
    try:
        with transaction.atomic():
            endpoint = WebhookEndpoint.objects.create(
                system=system, url=address, secret=secret, actions=sorted(set(actions)), created_at=at
            )
            _record("webhook_added", endpoint, by, host=urlsplit(address).hostname)
    except IntegrityError:
        raise Refused("known_already", _("Hệ thống này đã nhận tin ở địa chỉ đó."), field="url") from None
    return endpoint, secret


@transaction.atomic
def rotate_secret(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> str:
    """A new signing secret; the one before signs beside it for two days."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.former_secret, locked.former_secret_ends_at = locked.secret, at + FORMER_SECRET_HOLDS
    locked.secret = new_secret()
    locked.save(update_fields=["secret", "former_secret", "former_secret_ends_at"])
    _record("webhook_secret_rotated", locked, by)
    return locked.secret


@transaction.atomic
def remove_endpoint(endpoint: WebhookEndpoint, *, by: Actor) -> None:
    """Nothing more is sent there; what was sent stays in the log."""
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, active=True).update(active=False):
        _record("webhook_removed", endpoint, by)


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def checked_address(url: str) -> str:
    """An address that may be called. Raises Refused with what to do."""
    parts = address_parts(url)
    host = (parts.hostname or "").lower() if parts else ""
    allowed_plain = host in settings.OUTGOING_PRIVATE_HOSTS
    if parts is None or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not allowed_plain):
        raise Refused("bad_address", _("Hãy nhập địa chỉ bắt đầu bằng https://."), field="url")
    if parts.username or parts.password or parts.fragment or len(url) > 500:
        raise Refused("bad_address", _("Địa chỉ không được chứa tên, mật khẩu hay dấu #."), field="url")
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    try:
        private = host not in settings.OUTGOING_PRIVATE_HOSTS and is_private(host, port)
    except OSError:
        sentence = _(
            "Không tìm thấy máy chủ %(host)s, hoặc máy chủ chưa có trong danh sách được phép kết nối (OUTGOING_ALSO). "
            "Hãy xem lại địa chỉ hoặc báo người vận hành."
        )
        raise Refused("not_reachable", sentence % {"host": host}, field="url") from None
    if private:
        raise Refused("private_address", _("Địa chỉ này dẫn vào mạng nội bộ nên không được dùng."), field="url")
    return url.strip()


def _record(verb: str, endpoint: WebhookEndpoint, by: Actor, **changes: Any) -> None:
    audit_log.record_entry(
        verb,
        f"system:{endpoint.system_id}",
        by=by,
        endpoint=str(endpoint.uid),
        **changes,
    )
