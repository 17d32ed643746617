"""What a real installation lacks is named, and nothing of the demonstration is in use there."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from journal.roles import OWNER
from oss_portal.deployment import SERVICES, check_database_log, check_database_role, check_deployment
from oss_portal.engines.folder import CHECKOUT
from payments.providers.vietqr.bank import Bank
from tests.databases import acting_as

WHOLE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "kqx7-Lm2_" * 8,
    "ALLOWED_HOSTS": "motcua.example",
    "PUBLIC_URL": "https://motcua.example",
    "TRUSTED_PROXIES": "10.0.0.0/24",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "mot-cua@motcua.example",
    "BANK_URL": "https://bank.example",
    "BANK_SECRET": "k" * 40,
    "BANK_BIN": "970415",
    "BANK_ACCOUNT_NUMBER": "113000005555",
    "BANK_ACCOUNT_HOLDER": "TT PVHCC",
    "VNPAY_URL": "https://pay.example/paymentv2/vpcpay.html",
    "VNPAY_API_URL": "https://pay.example/merchant_webapi/api/transaction",
    "VNPAY_TMN_CODE": "BACNINH1",
    "VNPAY_HASH_SECRET": "h" * 32,
    "SMS_GATEWAY_URL": "https://sms.example",
    "SMS_API_KEY": "a",
    "SMS_SECRET_KEY": "b",
    "SMS_BRANDNAME": "MOTCUA",
}
_SETTINGS = (
    "import os, json; from oss_portal import settings as s; print(json.dumps({'bank': s.BANK_ACCOUNT, "
    "'secret': s.BANK_SECRET, 'key': s.SECRET_KEY, 'sms': s.SMS_API_KEY, 'zalo': s.ZALO_OA_ID, "
    "'from': s.DEFAULT_FROM_EMAIL, 'brand': s.SMS_BRANDNAME, 'hosts': s.ALLOWED_HOSTS, 'url': s.PUBLIC_URL}))"
)


def test_a_whole_installation_has_nothing_to_say(tmp_path):
    (tmp_path / "known.txt").write_text("motcua-matkhau\n")
    breached = str(tmp_path / "known.bin")
    call_command("build_breached_passwords", str(tmp_path / "known.txt"), plain=True, target=tmp_path / "known.bin")
    kept = {name: text for name, text in os.environ.items() if name in ("PATH", "HOME", "DATABASE_URL", "REDIS_URL")}
    env = {
        **kept,
        "DATA_DIR": os.environ.get("DATA_DIR", str(CHECKOUT / ".data")),
        **WHOLE,
        "BREACHED_PASSWORDS": breached,
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.fixture
def real(settings):
    """Settings as the environment WHOLE makes them."""
    for name in ("PUBLIC_URL", "EMAIL_HOST", "DEFAULT_FROM_EMAIL", "BANK_URL", "BANK_SECRET", "SECRET_KEY"):
        setattr(settings, name, WHOLE[name])
    for name in (*SERVICES["SMS"], *SERVICES["payment by VNPAY"]):
        setattr(settings, name, WHOLE[name])
    settings.BANK_ACCOUNT = {"bin": "970415", "number": "113000005555", "holder": "TT PVHCC"}
    settings.PRODUCTION, settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = True, ["motcua.example"], ["10.0.0.0/24"]
    settings.ZALO_OA_ID = settings.ZALO_TEMPLATE_ID = ""
    settings.SECURE_SSL_REDIRECT = True
    return settings


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("PRODUCTION", False, "oss.E001"),
        ("ALLOWED_HOSTS", [], "oss.E002"),
        ("ALLOWED_HOSTS", ["*"], "oss.E002"),
        ("PUBLIC_URL", "", "oss.E003"),
        ("PUBLIC_URL", "http://motcua.example", "oss.E003"),
        ("PUBLIC_URL", "https://127.0.0.1:8000", "oss.E003"),
        ("PUBLIC_URL", "https://192.168.1.4", "oss.E003"),
        ("SECRET_KEY", "demonstration-only-not-a-secret-" + "0" * 32, "oss.E004"),
        ("BANK_SECRET", "demonstration-bank-secret", "oss.E004"),
        ("VNPAY_TMN_CODE", "DEMOBN01", "oss.E004"),
        ("VNPAY_HASH_SECRET", "demonstration-vnpay-secret", "oss.E004"),
        ("SMS_API_KEY", "demonstration-sms-key", "oss.E004"),
        ("DEFAULT_FROM_EMAIL", "mot-cua@bacninh.example", "oss.E004"),
        ("TRUSTED_PROXIES", ["proxy"], "oss.E005"),
        ("TRUSTED_PROXIES", ["0.0.0.0/0"], "oss.E006"),
        ("TRUSTED_PROXIES", ["::/0"], "oss.E006"),
        ("TRUSTED_PROXIES", [], "oss.W003"),
        ("SMS_BRANDNAME", "", "oss.W001"),
        ("VNPAY_API_URL", "", "oss.W001"),
        ("BANK_ACCOUNT", {"bin": "970415", "number": "", "holder": "TT PVHCC"}, "oss.W001"),
        ("EMAIL_HOST", "", "oss.W001"),
    ],
)
def test_what_is_missing_is_named(real, name, value, identifier):
    assert not check_deployment()
    setattr(real, name, value)
    found = check_deployment()
    assert [message.id for message in found] == [identifier]
    named = "BANK_ACCOUNT_NUMBER" if name == "BANK_ACCOUNT" else name
    assert named in found[0].msg


def test_a_service_left_off_is_a_warning(real):
    for name in SERVICES["SMS"]:
        setattr(real, name, "")
    assert [(message.id, message.is_serious()) for message in check_deployment()] == [("oss.W002", False)]


def test_without_an_account_nobody_gets_a_qr_code(real):
    assert Bank().province_options() is not None
    real.BANK_ACCOUNT = {"bin": "", "number": "", "holder": ""}
    assert Bank().province_options() is None


@pytest.mark.django_db
def test_the_embedded_database_keeps_values_out_of_its_log():
    assert check_database_log(databases=["default"]) == []


@pytest.mark.django_db
def test_a_web_that_owns_its_tables_is_told():
    for role in (OWNER, None):
        with acting_as(role):
            assert [message.id for message in check_database_role(databases=["default"])] == ["oss.W005"]
    assert check_database_role(databases=["default"]) == check_database_role() == []


def test_nothing_is_filled_in_by_itself_in_production():
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    made = subprocess.run(
        [sys.executable, "-c", _SETTINGS],
        cwd=CHECKOUT,
        env={**kept, "PRODUCTION": "1", "DATA_DIR": str(CHECKOUT / ".data")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == (
        '{"bank": {"bin": "", "number": "", "holder": ""}, "secret": "", "key": "", "sms": "", "zalo": "", '
        '"from": "", "brand": "", "hosts": [], "url": ""}'
    )


@pytest.mark.django_db
def test_a_program_that_calls_without_https_is_told_and_not_led_on(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    page, told = client.get("/privacy/"), client.get("/api/v1/procedures/", headers={"accept-language": "en"})
    assert page.status_code == 301
    assert told.status_code == 403
    assert told.json()["code"] == "https_only"
    assert "https" in told.json()["detail"]
    assert client.get("/api/v1/procedures/", secure=True).status_code in (200, 401)


def test_a_secret_may_stand_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("von-dem-file-" * 5)
    said = subprocess.run(
        [sys.executable, "-c", "from oss_portal import settings; print(settings.SECRET_KEY)"],
        cwd=CHECKOUT, env={**os.environ, "SECRET_KEY_FILE": str(file)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == file.read_text()
