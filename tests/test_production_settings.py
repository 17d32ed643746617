"""`.env` made from deploy/environment.example: all of it reaches the containers, the portal starts with it, and two
agencies collect on two accounts."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oss_portal.engines.folder import CHECKOUT
from payments import charges
from payments.ledger import audit
from payments.ledger.posting import Account, balance
from payments.models import CollectionAccount, Payment
from payments.providers.registry import offered_providers
from payments.providers.vietqr import code, signing
from tests.factories.charges import charge_thing
from tests.factories.people import signed_in, staff_actor

EXAMPLE = (CHECKOUT / "deploy" / "environment.example").read_text()
COMPOSE = (CHECKOUT / "docker-compose.yml").read_text()
SETTINGS = (CHECKOUT / "oss_portal" / "settings.py").read_text()
# What the image itself says, what compose makes of other variables, and what only `make run` and tests set.
_NOT_OF_ENV = {
    *("PRODUCTION", "DATA_DIR", "STATIC_ROOT"),
    *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "PUBLIC_URL", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"),
    *("TRUSTED_PROXIES", "OSS_TEST_DB", "IDENTITY_SIMULATOR_URL"),
}
_PLACE = re.compile(r"\$\{(\w+)(?:(:?[-?])([^}]*))?\}")
KINH_BAC, VO_CUONG = "bank-970436-0011000000001", "bank-970418-0011000000002"
FILLED = {
    "PORTAL_HOST": "dichvucong.bacninh.gov.vn",
    "SECRET_KEY": "4f" * 32,
    "NUMBER_KEYS": "5e" * 32,
    "NUMBER_INDEX_KEY": "6d" * 32,
    "POSTGRES_PASSWORD": "a1",
    "OWNER_DATABASE_PASSWORD": "b2",
    "WEB_DATABASE_PASSWORD": "c3",
    "READ_DATABASE_PASSWORD": "d4",
    "VALKEY_PASSWORD": "e5",
    "DEFAULT_FROM_EMAIL": "mot-cua@bacninh.gov.vn",
    "BANK_URL": "https://bank.example",
    "BANK_SECRET": "bí mật của tỉnh",
    "BANK_BIN": "970436",
    "BANK_ACCOUNT_NUMBER": "0011000000009",
    "BANK_ACCOUNT_HOLDER": "TT PVHCC TINH BAC NINH",
    "PAYMENT_SECRETS": json.dumps({KINH_BAC: "một", VO_CUONG: "hai"}, ensure_ascii=False),
}


def container(service: str, filled: dict[str, str]) -> dict[str, str]:
    """The environment that compose gives to the container; fails where compose would."""

    def value(place: re.Match[str]) -> str:
        name, mark, words = place.groups()
        given = filled.get(name)
        missing = given is None or (not given and (mark or "").startswith(":"))
        assert not (missing and (mark or "").endswith("?")), f"{name} is required"
        return (words or "") if missing else str(given)

    found = yaml.safe_load(COMPOSE)["services"][service]["environment"]
    named = {name: filled.get(name) if text is None else _PLACE.sub(value, str(text)) for name, text in found.items()}
    return {name: text for name, text in named.items() if text is not None}


def example() -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE))


def test_every_variable_of_the_example_reaches_a_container():
    offered = example()
    assert set(FILLED) <= set(offered)
    used = {name for name, _mark, _words in _PLACE.findall(COMPOSE)} | set(re.findall(r"^ +(\w+):$", COMPOSE, re.M))
    assert sorted(set(offered) - used) == []
    known = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z0-9_]+)"', SETTINGS))
    assert sorted(known - set(container("web", dict.fromkeys([*known, *FILLED], "1"))) - _NOT_OF_ENV) == []


@pytest.fixture
def effective(tmp_path) -> dict:
    """What the settings are within the container, which is checked as before a start."""
    script = (
        "import json, django; django.setup()\n"
        "from django.conf import settings\nfrom django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='ERROR')\n"
        "names = ('BANK_URL', 'BANK_SECRET', 'BANK_ACCOUNT', 'PAYMENT_SECRETS', 'VNPAY_TMN_CODE', 'PUBLIC_URL')\n"
        "print(json.dumps({name: getattr(settings, name) for name in names}))"
    )
    image = {"PRODUCTION": "1", "DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    given = container("web", example() | FILLED) | image | {"DJANGO_SETTINGS_MODULE": "oss_portal.settings"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=CHECKOUT, env=given, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.django_db
def test_two_agencies_collect_on_two_accounts(effective, settings, things, cast):
    for name, value in effective.items():
        setattr(settings, name, value)
    assert f"https://{FILLED['PORTAL_HOST']}" == settings.PUBLIC_URL
    office = signed_in(staff_actor("hai.tai.khoan", "office", "administrator"))
    two = {cast.agency.code: KINH_BAC, cast.counter.post.agency.code: VO_CUONG}
    assert len(two) == 2
    for agency, key in two.items():
        _bank, bin, number = key.split("-")
        form = {"agency_code": agency, "bin": bin, "number": number, "holder": "TT PVHCC"}
        today = f"{timezone.localdate():%d/%m/%Y}"
        made = office.post(reverse("payment-account-new", args=["bank"]), form | {"valid_from": today})
        assert made.status_code == 302, made.content.decode()
        assert CollectionAccount.objects.get(agency_code=agency).key == key
    asked = {key: asked_by(agency) for agency, key in two.items()}
    for key, payment in asked.items():
        transfer = code.parse_code(payment.qr_payload)
        assert f"bank-{transfer.account.bin}-{transfer.account.number}" == key
    first, second = asked[KINH_BAC], asked[VO_CUONG]
    assert called(second, "một") == "97"  # whoever holds the secret of one account says nothing of the other
    assert (called(first, "một"), called(second, "hai")) == ("00", "00")
    assert [balance(Account.CLEARING, key) for key in asked] == [26_000, 26_000]
    assert audit.broken_rules() == {}


def asked_by(agency: str) -> Payment:
    charge, at = charge_thing(f"thing:{agency}", agency_code=agency), timezone.now()
    ((provider, account),) = offered_providers(agency, at=at)  # VNPAY is not configured
    return charges.request_payment(charge, provider, account, at=at)


def called(payment: Payment, secret: str) -> str:
    fields = {
        "reference": payment.reference,
        "status": "paid",
        "amount": "26000",
        "currency": "VND",
        "transaction": f"FT{payment.pk}",
        "said_at": "2026-11-23T09:00:00+00:00",
    }
    body = json.dumps(signing.signature_of(fields, secret))
    answer = Client().post(reverse("payment-callback", args=["bank"]), body, content_type="application/json")
    return answer.json()["RspCode"]
