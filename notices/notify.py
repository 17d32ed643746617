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
) -> None:
    """Write the notices of one message; telling the same `key` again adds nothing. However many recipients, it asks
    once for their choices and once for each text; who reads another language may need other facts and another call.

    `link` is a path; what leaves the portal carries it with the portal's address. Nothing is attached, ever. Outside
    the portal one channel is used, the first of the recipient's; the others wait for its failure.
    Errors: LookupError for a kind that nobody declared.
    """
    known = kinds.kind_named(kind)
    if known is None:
        raise LookupError(f"no kind of notice is called {kind}")
    said = {**facts, "link": settings.PUBLIC_URL + link}
    rows = []
    chosen = choices.choices_of_accounts([each.account for each in recipients if each.account is not None])
    texts_in = _Texts(known, said)
    for recipient in recipients:
        common = {"key": key, "kind": kind, "urgent": known.urgent, "language": recipient.language, "link": link}
        if recipient.account is not None and on_portal:
            subject, body = texts_in(Channel.PORTAL, recipient.language)
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
        choice = chosen.get(recipient.account.pk) if recipient.account is not None else None
        texts = []
        for channel, address in choices.ways_to_reach(recipient, choice):
            subject, body = texts_in(channel, recipient.language)
            texts.append({"channel": channel, "address": address, "subject": subject, "body": body})
        if texts:
            first = Notice(
                **common, **texts[0], fallbacks=texts[1:], account=recipient.account, created_at=at, next_attempt_at=at
            )
            _hold_for_digest(first, known, choice, at)
            rows.append(first)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == Notice.State.WAITING for row in rows):
        transaction.on_commit(call_sender)


class _Texts:
    """(subject, body) of one message by channel and language, each made once."""

    def __init__(self, kind: kinds.Kind, facts: dict[str, Any]) -> None:
        self.kind, self.facts = kind, facts
        self.made: dict[tuple[str, str], tuple[str, str]] = {}

    def __call__(self, channel: str, language: str) -> tuple[str, str]:
        key = channel, language
        if key not in self.made:
            self.made[key] = wording.render_notice(self.kind, channel, language, self.facts)
        return self.made[key]


def _hold_for_digest(notice: Notice, kind: kinds.Kind, choice: ContactChoice | None, at: datetime) -> None:
    if choice is not None and choice.morning_digest and kind.gathered and not kind.urgent:
        notice.state = Notice.State.HELD
        notice.next_attempt_at = quiet.next_time(at, time.fromisoformat(settings.DIGEST_AT))


def call_sender() -> None:
    """Call a worker; without a broker the periodic sending finds the notices."""
    with suppress(Away), attempt():
        valkey_client().ping()  # the broker's own connection would wait two minutes for a server that hangs
        send_waiting.apply_async(retry=False)
