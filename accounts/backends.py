"""Signing in with a personal number, an e-mail address or a staff name."""

import re
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from accounts.models import Account
from vietnam.typed import plain_characters


def login_name(typed: str) -> str:
    """The account name that somebody means: an e-mail address or a spaced personal number becomes its
    account's.

    Failures are counted by this name, so that other spellings of it give no further attempts.
    """
    name = plain_characters(typed).strip().lower()
    if "@" in name:
        return Account.objects.filter(email__iexact=name).values_list("username", flat=True).first() or name
    digits = re.sub(r"[\s.\-]", "", name)
    return digits if digits.isdigit() else name


class AccountBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> Account | None:
        account = Account.objects.filter(username=username).first()
        if account is None:
            make_password(password)  # the same time is spent, so that nobody learns which names exist
            return None
        if not account.is_active or not check_password(password, account.password):
            return None
        return account

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
