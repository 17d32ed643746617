"""Signing in with a personal number, an e-mail address or a staff name."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from accounts.models import Account


class AccountBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> Account | None:
        account = Account.objects.filter(username=username.strip().lower()).first()
        if account is None:
            make_password(password)  # the same time is spent, so that nobody learns which names exist
            return None
        if not account.is_active or not check_password(password, account.password):
            return None
        return account

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
