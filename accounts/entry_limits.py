"""Slowing whoever guesses passwords or opens accounts in heaps, and nobody else (docs/decisions/slowing-guesses.md).

A browser that has signed in to an account before has its own count for it. All others share counts by sign-in name,
by connection and by range of addresses; while far more sign-ins fail than ever in ordinary days, those for ranges are a
quarter. No count of strangers keeps the holder out: their own browser goes on, and a code to their own contact opens
any other.
"""

from __future__ import annotations

import logging
from typing import cast

from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.devices import device_of, remember_device
from accounts.middleware import address_of
from accounts.models import Account
from accounts.throttling import Event, TooMany, count_events, give_back, is_office, line, neighbourhood, number_of

__all__ = ["SignInAttempt", "TooMany", "account_with_password", "allow_sign_up", "remember_device"]
log = logging.getLogger(__name__)

_UNDER_ATTACK = 0.25
_IN_OFFICES = 10.0


class SignInAttempt:
    """One attempt to sign in as `name`: counted before the password is looked at, given back when it was right."""

    def __init__(self, request: HttpRequest, name: str) -> None:
        device, account = device_of(request), Account.objects.filter(username=name).first()
        self._everywhere = Event("sign-in-everywhere", "")
        if device.knows(account):
            self._events: tuple[Event, ...] = (Event("sign-in-device", f"{device.uid}:{name}"),)
        else:
            share = _share(request)
            self._events = (
                Event("sign-in-name", name),
                Event("sign-in-name-day", name),
                Event("sign-in-line", line(address_of(request)), share),
                Event("sign-in-range", neighbourhood(address_of(request)), share),
            )

    def begin(self) -> None:
        """Raises TooMany."""
        try:
            count_events(*self._events)
        except TooMany as too_many:
            log.warning("sign-in paused", extra={"limit": too_many.limit})
            raise
        try:
            count_events(self._everywhere)
        except TooMany:
            log.error("sign-ins fail everywhere: limits for unknown browsers are tightened")

    def was_right(self) -> None:
        give_back(*self._events, self._everywhere)


def account_with_password(request: HttpRequest, name: str, password: str) -> Account | None:
    """The account that a sign-in name and its password open; wrong ones are counted, whichever page asks. Raises
    TooMany."""
    attempt = SignInAttempt(request, name)
    attempt.begin()
    account = authenticate(request, username=name, password=password)
    if account is not None:
        attempt.was_right()
    return cast(Account | None, account)


def allow_sign_up(request: HttpRequest, number: str) -> None:
    """Count an account that is about to be opened. Raises TooMany."""
    device = device_of(request)
    events = [Event("sign-up-number", number)]
    if device.is_known:
        events.append(Event("sign-up-device", device.uid))
    else:
        share = _share(request)
        events += [
            Event("sign-up-line", line(address_of(request)), share),
            Event("sign-up-range", neighbourhood(address_of(request)), share),
        ]
    try:
        count_events(*events)
    except TooMany as too_many:
        log.warning("sign-up paused", extra={"limit": too_many.limit})
        raise
    try:
        count_events(Event("sign-up-everywhere", ""))
    except TooMany:
        log.error("far more accounts are opened than in ordinary days")


def allow_code(request: HttpRequest) -> None:
    """Count a code that is asked for, whether or not it is sent. Raises TooMany."""
    device = device_of(request)
    if device.is_known:
        events = [Event("code-device", device.uid)]
    else:
        share = _share(request)
        events = [
            Event("code-line", line(address_of(request)), share),
            Event("code-range", neighbourhood(address_of(request)), share),
        ]
    try:
        count_events(*events)
    except TooMany as too_many:
        log.warning("codes paused", extra={"limit": too_many.limit})
        raise


def _share(request: HttpRequest) -> float:
    """How much of its limit a range of addresses has now."""
    everywhere = Event("sign-in-everywhere", "")
    attacked = number_of(everywhere) > everywhere.most
    return (_IN_OFFICES if is_office(address_of(request)) else 1.0) * (_UNDER_ATTACK if attacked else 1.0)
