"""One-time codes sent to a person's e-mail or telephone: for a new password, or to prove an account.

A code is void after `MINUTES`, after its use, when a newer one is sent, and after `TRIES` wrong ones. Wrong codes never
lock the account: its holder asks for another code.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Account, OneTimeCode
from accounts.signals import channels_wanted, code_wanted
from vietnam.typed import plain_characters

MINUTES, TRIES, DIGITS = 10, 5, 6
CHANNELS = ("sms", "email")
CODES_AN_HOUR = 5  # of one account and purpose: a stranger's asking fills nobody's telephone


def carried_channels() -> list[str]:
    """By what a code can reach anybody here; a code by anything else would be waited for in vain."""
    answers = channels_wanted.send(sender=OneTimeCode)
    carried = {channel for _receiver, channels in answers for channel in channels or ()}
    return [channel for channel in CHANNELS if channel in carried]


@transaction.atomic
def send_code(account: Account, purpose: str, *, email: str = "", phone: str = "", at: datetime) -> bool:
    """Make a code and have it sent to one of the contacts; False when there is no contact or too many were sent."""
    if not (email or phone):
        return False
    Account.objects.select_for_update().get(pk=account.pk)
    earlier = OneTimeCode.objects.filter(account=account, purpose=purpose)
    if earlier.filter(made_at__gt=at - timedelta(hours=1)).count() >= CODES_AN_HOUR:
        return False
    earlier.filter(used_at=None).update(used_at=at)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = OneTimeCode.objects.create(
        account=account,
        purpose=purpose,
        digest=_digest(account, purpose, code),
        made_at=at,
        expires_at=at + timedelta(minutes=MINUTES),
    )
    code_wanted.send(
        sender=OneTimeCode,
        account=account,
        purpose=purpose,
        code=code,
        email=email,
        phone=phone,
        minutes=MINUTES,
        key=f"code:{row.pk}",
        at=at,
    )
    return True


def take_code(account: Account | None, purpose: str, code: str, *, at: datetime) -> bool:
    """Whether this is the account's open code; then it is used. Call it outside a transaction
    that may be undone, so that wrong ones count. An unknown account has no code, which takes as long to say."""
    typed = "".join(plain_characters(code).split())
    with transaction.atomic():
        row = (
            OneTimeCode.objects.select_for_update()
            .filter(account=account, purpose=purpose, used_at=None, expires_at__gt=at, wrong_tries__lt=TRIES)
            .first()
            if account is not None
            else None
        )
        right = constant_time_compare(_digest(account, purpose, typed), row.digest if row else "")
        if row is None:
            return False
        if right:
            row.used_at = at
            row.save(update_fields=["used_at"])
        else:
            OneTimeCode.objects.filter(pk=row.pk).update(wrong_tries=F("wrong_tries") + 1)
    return right


def _digest(account: Account | None, purpose: str, code: str) -> str:
    """Keyed, so that a copy of the table tells no code."""
    owner = account.pk if account is not None else 0
    return salted_hmac(f"accounts.codes:{purpose}:{owner}", code, algorithm="sha256").hexdigest()
