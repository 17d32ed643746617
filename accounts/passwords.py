"""Passwords: chosen by their holder, or given by staff for the first sign-in. Every change is told to the holder."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import is_password_usable
from django.db import transaction

from accounts.actors import Actor
from accounts.codes import send_code
from accounts.models import Account, OneTimeCode
from accounts.signals import account_notice
from journal import audit_log


@transaction.atomic
def change_password(
    account: Account, password: str, *, at: datetime, how: str = "password_changed", origin: str = ""
) -> None:
    """Let the holder's new password hold; every other session of the account ends with it."""
    account.set_password(password)
    account.password_is_initial = False
    account.save(update_fields=["password", "password_is_initial", "password_set_at"])
    audit_log.record_entry(how, f"account:{account.pk}", by=account.full_name or account.username, origin=origin)
    account_notice.send(sender=Account, account=account, kind="password_changed", facts={}, at=at)


@transaction.atomic
def reset_password(account: Account, *, by: Actor, at: datetime) -> str:
    """Give an account a new initial password and return it; it is kept nowhere. Its holder must choose another one
    before anything else (accounts.gates) and is told who gave it."""
    password = secrets.token_urlsafe(9)
    account.set_password(password)
    account.password_is_initial = True
    account.save(update_fields=["password", "password_is_initial", "password_set_at"])
    audit_log.record_entry(
        "password_reset",
        f"account:{account.pk}",
        by=by,
    )
    account_notice.send(sender=Account, account=account, kind="password_reset_by_staff", facts={"by": by.label}, at=at)
    return password


def may_reset_alone(account: Account) -> bool:
    """Citizens with a password; staff get theirs from an administrator, who has an electronic identity from that."""
    return account.is_active and is_password_usable(account.password) and not account.posts.exists()


def send_reset_code(account: Account, channel: str, *, at: datetime) -> None:
    """Send a code by "email" or "sms" to the contact on record; nothing happens, and nobody is told, where there is
    none."""
    if not may_reset_alone(account):
        return
    person = getattr(account, "person", None)
    email = account.email or (person.email if person else "")
    phone = person.phone if person else ""
    send_code(
        account,
        OneTimeCode.Purpose.RESET,
        email=email if channel == "email" else "",
        phone=phone if channel == "sms" else "",
        at=at,
    )
