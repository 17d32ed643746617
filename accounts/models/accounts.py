"""A way to sign in."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from core.sealed_field import NumberDigest, SealedField
from core.sealed_numbers import number_word
from vietnam.text import fold

# Sign-in names that are somebody's number (accounts.registration.login_of): "027190000011", "m12345678@kr".
_NUMBER = re.compile(r"([0-9]{9,12})|([a-z0-9]{5,20})@[a-z]{2}")


def is_somebodys_number(username: str) -> bool:
    """Whether a sign-in name is, or one day would be, that of whoever bears the number of a paper."""
    return _NUMBER.fullmatch(username.strip().lower()) is not None


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)

    def create_account(self, username: str, password: str | None, **facts: object) -> "Account":
        account = self.model(username=username.strip().lower(), **facts)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in. `username` is a personal number or a staff name, in lower case."""

    username = SealedField("account.username", max_length=150)
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=150)
    language = models.CharField(max_length=2, default="vi", choices=[("vi", "Tiếng Việt"), ("en", "English")])
    is_active = models.BooleanField(default=True)
    # Given by an administrator: its holder chooses another one before anything else.
    password_is_initial = models.BooleanField(default=False)
    password_set_at = models.DateTimeField(null=True)
    # The highest of its identities in force (accounts.identities keeps it); 0 while nobody proved who holds it.
    level = models.PositiveSmallIntegerField(default=0)
    pin = models.CharField(max_length=128, blank=True)  # hashed; opens a locked session again (accounts.locking)
    created_at = models.DateTimeField(default=timezone.now)
    search_key = models.CharField(max_length=320, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    class Meta:
        indexes = [GinIndex(SearchVector("search_key", config="simple"), name="account_words")]
        constraints = [
            models.UniqueConstraint(NumberDigest("username"), name="account_username_once"),
            models.CheckConstraint(condition=models.Q(username__sealed=True), name="account_username_sealed"),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="account_email_once"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    @property
    def password_has_ended(self) -> bool:
        """Whether it was given by staff and not changed in time (INITIAL_PASSWORD_DAYS)."""
        days = timedelta(days=settings.INITIAL_PASSWORD_DAYS)
        since = self.password_set_at
        return bool(self.password_is_initial and days and since and since < timezone.now() - days)

    def save(self, *args: Any, **options: Any) -> None:
        self.fill_search_key()
        super().save(*args, **options)

    def fill_search_key(self) -> None:
        self.search_key = self.search_words()

    def search_words(self) -> str:
        """Found by name and by sign-in name, in whole or by its parts between the dots; by a number in whole only."""
        number = _NUMBER.fullmatch(self.username)
        if number is not None:
            return f"{fold(self.full_name)[:150]} {number_word((number[1] or number[2]).upper())}"
        return f"{fold(self.full_name)[:150]} {self.username} {fold(self.username)}"[:320]
