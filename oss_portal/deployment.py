"""`manage.py check --deploy`: what a real installation lacks, each by the name of its variable.

An error keeps the portal from being started (the containers run this check first); a warning names a service that
people will not get until it is configured.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection

from core.sealed_numbers import SHORTEST_KEY
from core.sealed_rotation import wrong_keys
from oss_portal.engine_addresses import unverified_addresses
from oss_portal.proxies import UNIX_SOCKET

_EVERY_NETWORK = ("0.0.0.0/0", "::/0")
# Values that only make run and the tests use, wherever they come from.
DEMONSTRATION = {
    "SECRET_KEY": "demonstration-only-",
    "NUMBER_KEYS": "demonstration-only-",
    "NUMBER_INDEX_KEY": "demonstration-only-",
    "BANK_SECRET": "demonstration-",
    "VNPAY_TMN_CODE": "DEMO",
    "VNPAY_HASH_SECRET": "demonstration-",
    "SMS_API_KEY": "demonstration-",
    "SMS_SECRET_KEY": "demonstration-",
    "ZALO_OA_ID": "demonstration-",
    "ZALO_TEMPLATE_ID": "demonstration-",
    "DEFAULT_FROM_EMAIL": "mot-cua@bacninh.example",
    "CONTACT_EMAIL": "ho-tro@bacninh.example",
    "HOTLINE": "1900 0000",
    "BANK_ACCOUNT_NUMBER": "0011002233445",
    "NATIONAL_USERNAME": "demonstration",
    "NATIONAL_PASSWORD": "demonstration-",
    "POST_KEY": "demonstration-",
    "POPULATION_KEY": "demonstration-",
    "ENTERPRISE_KEY": "demonstration-",
    "LAND_KEY": "demonstration-",
    "SIGNING_PASSPHRASE": "demonstration-",
}
# Services by what each needs whole; with none of it the service is off, with a part of it somebody forgot something.
SERVICES: Mapping[str, tuple[str, ...]] = {
    "payment by bank transfer": ("BANK_URL", "BANK_SECRET", "BANK_BIN", "BANK_ACCOUNT_NUMBER", "BANK_ACCOUNT_HOLDER"),
    "payment by VNPAY": ("VNPAY_URL", "VNPAY_API_URL", "VNPAY_TMN_CODE", "VNPAY_HASH_SECRET"),
    "SMS": ("SMS_GATEWAY_URL", "SMS_API_KEY", "SMS_SECRET_KEY", "SMS_BRANDNAME"),
    "e-mail": ("EMAIL_HOST", "DEFAULT_FROM_EMAIL"),
}
# Neighbours that a province connects one after the other: only what is set in part is named.
NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "telling the national portal": ("NATIONAL_URL", "NATIONAL_USERNAME", "NATIONAL_PASSWORD"),
    "asking the public post": ("POST_URL", "POST_KEY"),
    "asking the population register": ("POPULATION_URL", "POPULATION_KEY"),
    "asking the register of enterprises": ("ENTERPRISE_URL", "ENTERPRISE_KEY"),
    "asking the land register": ("LAND_URL", "LAND_KEY"),
}


@register(Tags.security, deploy=True)
def check_deployment(**_options: Any) -> list[CheckMessage]:
    return [*_required(), *_number_keys(), *_left_from_demonstration(), *_services(), *_proxies(), *_engines()]


def value(name: str) -> str:
    """What the variable `name` has become in the settings."""
    parts = {"BANK_BIN": "bin", "BANK_ACCOUNT_NUMBER": "number", "BANK_ACCOUNT_HOLDER": "holder"}
    if name in parts:
        return str(settings.BANK_ACCOUNT[parts[name]])
    if name == "NUMBER_KEYS":
        return next((key for key in settings.NUMBER_KEYS if key.startswith(DEMONSTRATION[name])), "")
    return str(getattr(settings, name, "") or "")


def _required() -> Iterator[CheckMessage]:
    if not settings.PRODUCTION:
        yield Error("PRODUCTION is not set: demonstration values are in use.", hint="Set PRODUCTION=1.", id="oss.E001")
    if settings.SIGNING_LONG_TERM and not settings.TSA_URL:
        yield Error(
            "SIGNING_LONG_TERM asks for time stamps, and no authority is named.", hint="Set TSA_URL.", id="oss.E008"
        )
    if not settings.ALLOWED_HOSTS or any(name == "*" or name.startswith(".") for name in settings.ALLOWED_HOSTS):
        # A name that others serve from too shares its cookies and its browser's trust with them (ASVS 3.5.4).
        yield Error(
            "ALLOWED_HOSTS names no host, or any.", hint="Set it to the portal's own name, in full.", id="oss.E002"
        )
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https" or not public.hostname or _is_local(public.hostname):
        yield Error(
            "PUBLIC_URL is no public https address: it is printed on slips and in QR codes.",
            hint="Set PUBLIC_URL=https://<the portal's name>.",
            id="oss.E003",
        )


def _number_keys() -> Iterator[CheckMessage]:
    """Without them people's numbers can be neither kept nor read; short ones can be guessed."""
    keys = {"NUMBER_KEYS": settings.NUMBER_KEYS, "NUMBER_INDEX_KEY": [settings.NUMBER_INDEX_KEY]}
    for name, ring in keys.items():
        if not ring or min(map(len, ring)) < SHORTEST_KEY:
            yield Error(
                f"{name} is empty or has a key of less than {SHORTEST_KEY} characters.",
                hint=f"`openssl rand -hex 32` makes one; put {name} into .env and keep a copy apart from the backups.",
                id="oss.E009",
            )
    if settings.NUMBER_INDEX_KEY and settings.NUMBER_INDEX_KEY in settings.NUMBER_KEYS:
        yield Error(
            "NUMBER_INDEX_KEY is one of NUMBER_KEYS.", hint="Give the digests a key of their own.", id="oss.E010"
        )


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def _left_from_demonstration() -> Iterator[CheckMessage]:
    for name, beginning in DEMONSTRATION.items():
        try:
            found = value(name).startswith(beginning)
        except Exception:  # an empty SECRET_KEY refuses to be read; Django's own check names it
            found = False
        if found:
            yield Error(f"{name} has its demonstration value.", hint=f"Set {name}, or leave it empty.", id="oss.E004")


def _services() -> Iterator[CheckMessage]:
    for service, names in {**SERVICES, **NEIGHBOURS}.items():
        missing = [name for name in names if not value(name)]
        if missing and len(missing) < len(names):
            yield Warning(
                f"Half configured, and so off: {service}. Missing: {', '.join(missing)}.",
                hint="Set them all, or none of them.",
                id="oss.W001",
            )
        elif missing and service in SERVICES:
            yield Warning(
                f"Not configured, and so off: {service}.",
                hint=f"Set {', '.join(names)}; to leave it off, silence it with SILENCED_CHECKS=oss.W002.",
                id="oss.W002",
            )
    if not settings.CLAMD_URL:
        yield Warning(
            "No malware scanner is configured: files that people send are opened unchecked.",
            hint="Set CLAMD_URL; to do without, silence it with SILENCED_CHECKS=oss.W009.",
            id="oss.W009",
        )


def _proxies() -> Iterator[CheckMessage]:
    for entry in settings.TRUSTED_PROXIES:
        try:
            everybody = entry != UNIX_SOCKET and str(ipaddress.ip_network(entry, strict=False)) in _EVERY_NETWORK
        except ValueError:
            yield Error(f"TRUSTED_PROXIES: {entry} is no network.", hint="Such as 10.0.0.0/24.", id="oss.E005")
            continue
        if everybody:
            yield Error(
                "TRUSTED_PROXIES trusts everybody: anyone could pretend to come from anywhere.",
                hint="Name the proxy's own network.",
                id="oss.E006",
            )
    if settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXIES:
        yield Warning(
            "TRUSTED_PROXIES is empty: behind a proxy every request would look unencrypted and come from it.",
            hint="Name the proxy's network, or silence this where the web server is reached directly.",
            id="oss.W003",
        )


def _engines() -> Iterator[CheckMessage]:
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    for name, needed in unverified_addresses({name: getattr(settings, name) for name in names}):
        yield Warning(
            f"{name} leads over a network, and whoever answers there is believed: data pass in plain or to a stranger.",
            hint=f"Use {needed}; see docs/operators.md.",
            id="oss.W008",
        )


@register(Tags.database, deploy=True)
def check_database_log(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Whether PostgreSQL writes people's data into its own log (checked with `--database default`)."""
    if not databases:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('log_min_error_statement'), current_setting('log_error_verbosity')")
            statement, verbosity = cursor.fetchone()
    except DatabaseError as error:
        return [Error(f"The database does not answer ({type(error).__name__}).", id="oss.E007")]
    if statement == "panic" and verbosity == "terse":
        return []
    return [
        Warning(
            "PostgreSQL writes refused statements, or the values in them, into its log: personal data.",
            hint="Set log_min_error_statement = panic and log_error_verbosity = terse.",
            id="oss.W004",
        )
    ]


@register(Tags.database, deploy=True)
def check_number_keys(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Whether the keys are those of the numbers on record: the newest of each column opens, under its own digest
    (checked with `--database default`)."""
    if not databases:
        return []
    try:
        wrong = sorted(wrong_keys())
    except DatabaseError:  # before the first migration there is nothing to open
        return []
    return [
        Error(
            f"{name} does not fit the numbers on record.",
            hint="Put back the key of before; `manage.py rotate_keys` goes over to another one.",
            id="oss.E011",
        )
        for name in wrong
    ]


@register(Tags.database, deploy=True)
def check_collection_accounts(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Whether each agency's own account that holds today can be used (checked with `--database default`)."""
    if not databases:
        return []
    from payments.models import CollectionAccount
    from payments.providers import registry

    found: list[CheckMessage] = []
    for account in CollectionAccount.objects.valid().exclude(agency_code=""):
        provider = registry.provider_named(account.provider)
        if provider is not None and (missing := provider.missing(account)):
            found.append(
                Warning(
                    f"Agency {account.agency_code} takes no money by {account.provider}: missing {', '.join(missing)}.",
                    hint="PAYMENT_SECRETS is a JSON object of secrets by the account's key.",
                    id="oss.W006",
                )
            )
    return found


@register(Tags.security, deploy=True)
def check_bank_app_links(**_options: Any) -> list[CheckMessage]:
    """Whether every pattern of BANK_APP_LINKS can be filled in; a wrong one gives no link."""
    from payments.providers.vietqr.app_links import wrong_with

    found = ((name, wrong_with(pattern)) for name, pattern in settings.BANK_APP_LINKS.items())
    return [
        Warning(
            f"The link of BANK_APP_LINKS to {name} is not shown: {wrong}.",
            hint="Patterns by the app's name, as a JSON object; see deploy/environment.example.",
            id="oss.W007",
        )
        for name, wrong in found
        if wrong
    ]


@register(Tags.database, deploy=True)
def check_database_role(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Whether web and workers are a role that cannot rewrite the history (checked with `--database default`)."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND "
            "tableowner = current_user) FROM pg_roles WHERE rolname = current_user"
        )
        (owns,) = cursor.fetchone()
    if not owns:
        return []
    return [
        Warning(
            "DATABASE_URL is a superuser or owns the tables: whoever gets into the web can rewrite the history.",
            hint="Make the roles of deploy/roles.sql; DATABASE_URL is portal_web, DATABASE_OWNER_URL portal_owner.",
            id="oss.W005",
        )
    ]
