"""Recording what must be told, in the transaction of its cause. Sending comes later and never undoes the act."""

from contextlib import suppress
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction

from core.valkey import Away, attempt, valkey_client
from notices import choices, kinds, quiet, wording
from notices.choices import Recipient
from notices.models import Channel, ContactChoice, Notice
from notices.tasks import send_waiting

__all__ = ["Recipient", "notify"]


def notify(
    key: str,
    recipients: list[Recipient],
    kind: str,
    facts: dict[str, Any],
    *,
    link: str,
    at: datetime,
    on_portal: bool = True,
) -> int:
    """Write the notices of one message; telling the same `key` again adds nothing. Returns how many are new.

    `link` is a path; what leaves the portal carries it with the portal's address. Nothing is attached, ever. Outside
    the portal one channel is used, the first of the recipient's; the others wait for its failure.
    Errors: LookupError for a kind that nobody declared.
    """
    known = kinds.kind_named(kind)
    if known is None:
        raise LookupError(f"no kind of notice is called {kind}")
    said = {**facts, "link": settings.PUBLIC_URL + link}
    rows = []
    for recipient in recipients:
        common = {"key": key, "kind": kind, "urgent": known.urgent, "language": recipient.language, "link": link}
        if recipient.account is not None and on_portal:
            subject, body = wording.render_notice(known, Channel.PORTAL, recipient.language, said)
            rows.append(
                Notice(
                    **common,
                    channel=Channel.PORTAL,
                    account=recipient.account,
                    subject=subject,
                    body=body,
                    state=Notice.State.SENT,
                    created_at=at,
                    sent_at=at,
                )
            )
        choice = choices.choices_of(recipient.account)
        texts = [
            _written(known, channel, address, recipient.language, said)
            for channel, address in choices.ways_to_reach(recipient, choice)
        ]
        if texts:
            first = Notice(
                **common, **texts[0], fallbacks=texts[1:], account=recipient.account, created_at=at, next_attempt_at=at
            )
            _hold_for_digest(first, known, choice, at)
            rows.append(first)
    before = Notice.objects.filter(key=key).count()
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == Notice.State.WAITING for row in rows):
        transaction.on_commit(call_sender)
    return Notice.objects.filter(key=key).count() - before


def _written(kind: kinds.Kind, channel: str, address: str, language: str, facts: dict[str, Any]) -> dict[str, str]:
    subject, body = wording.render_notice(kind, channel, language, facts)
    return {"channel": channel, "address": address, "subject": subject, "body": body}


def _hold_for_digest(notice: Notice, kind: kinds.Kind, choice: ContactChoice | None, at: datetime) -> None:
    if choice is not None and choice.morning_digest and kind.gathered and not kind.urgent:
        notice.state = Notice.State.HELD
        notice.next_attempt_at = quiet.next_time(at, time.fromisoformat(settings.DIGEST_AT))


def call_sender() -> None:
    """Call a worker; without a broker the periodic sending finds the notices."""
    with suppress(Away), attempt():
        valkey_client().ping()  # the broker's own connection would wait two minutes for a server that hangs
        send_waiting.apply_async(retry=False)
