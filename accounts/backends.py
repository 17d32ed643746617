"""Signing in with a personal number, an e-mail address or a staff name."""

import re
from itertools import product
from string import ascii_lowercase
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from accounts.models import Account
from core.kept_queries import KeptQuery
from vietnam.typed import plain_characters

_ACTIVE = KeptQuery(lambda pk: Account.objects.filter(pk=pk, is_active=True), pk=-1)
_PAPER = re.compile(r"(?=.*[0-9])[a-z0-9]{5,20}")


def login_name(typed: str) -> str:
    """The account name that somebody means: an e-mail address, a spaced personal number or the number of a passport
    becomes its account's.

    Failures are counted by this name, so that other spellings of it give no further attempts.
    """
    name = plain_characters(typed).strip().lower()
    if "@" in name:
        return Account.objects.filter(email__iexact=name).values_list("username", flat=True).first() or name
    bare = re.sub(r"[\s.\-]", "", name)
    if bare.isdigit() and len(bare) != 9:
        return bare
    if _PAPER.fullmatch(bare) and not Account.objects.filter(username=name).exists():
        return _by_paper(bare) or name
    return bare if bare.isdigit() else name


def _by_paper(number: str) -> str:
    """The sign-in name of the one account whose holder is known by a passport or card of this number."""
    possible = [f"{number}@{first}{second}" for first, second in product(ascii_lowercase, repeat=2)]
    named = Account.objects.filter(username__in=possible).values_list("username", flat=True)[:2]
    return named[0] if len(named) == 1 else ""


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
        if account.password_has_ended:
            return None  # as if it were wrong: whoever found the slip learns nothing
        return account

    def get_user(self, user_id: int) -> Account | None:
        return next(iter(_ACTIVE.records(pk=user_id)), None)
