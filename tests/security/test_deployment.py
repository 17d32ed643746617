"""What a real installation lacks is named, and nothing of the demonstration is in use there."""

import ast
import os
import re
import subprocess
import sys

import pytest
import yaml
from django.core.management import call_command

from journal.roles import OWNER
from oss_portal.deployment import (
    DEMONSTRATION,
    NEIGHBOURS,
    SERVICES,
    check_database_log,
    check_database_role,
    check_deployment,
    check_number_keys,
)
from oss_portal.engines.folder import CHECKOUT
from payments.providers.vietqr.bank import Bank
from tests.databases import acting_as
from tests.factories.people import PersonFactory

WHOLE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "kqx7-Lm2_" * 8,
    "NUMBER_KEYS": "p3Vt-9aQ_" * 6 + "," + "Zr8w-1bN_" * 6,
    "NUMBER_INDEX_KEY": "h6Yd-4sK_" * 6,
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
    "CLAMD_URL": "tcp://clamd.example:3310",
}
_SETTINGS = (
    "import os, json; from oss_portal import settings as s; print(json.dumps({'bank': s.BANK_ACCOUNT, "
    "'secret': s.BANK_SECRET, 'key': s.SECRET_KEY, 'sms': s.SMS_API_KEY, 'zalo': s.ZALO_OA_ID, "
    "'numbers': [*s.NUMBER_KEYS, s.NUMBER_INDEX_KEY], "
    "'from': s.DEFAULT_FROM_EMAIL, 'brand': s.SMS_BRANDNAME, 'hosts': s.ALLOWED_HOSTS, 'url': s.PUBLIC_URL}))"
)

_CALLS = [
    (ast.unparse(node.func).partition(".")[0], node)
    for node in ast.walk(ast.parse((CHECKOUT / "oss_portal" / "settings.py").read_text()))
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
]
_READ = {str(node.args[0].value) for called, node in _CALLS if called == "env"}
# Settings whose default is one of the demonstration.
_DEMONSTRATED = {
    str(node.args[0].value)
    for called, node in _CALLS
    if called == "env" and any("demonstration(" in ast.unparse(more.value) for more in node.keywords)
}
# Values of the demonstration that a real province may have too: a bank's number, names, its own code; addresses are
# judged by themselves.
_REAL_ELSEWHERE = {"BANK_BIN", "BANK_ACCOUNT_HOLDER", "SMS_BRANDNAME", "NATIONAL_AGENCY", "PUBLIC_URL"}
# Said by the image, by the shape of compose itself, or of the demonstration and the tests only.
_OF_THE_IMAGE = {
    "PRODUCTION",
    "DATA_DIR",
    "STATIC_ROOT",
    "PORT",
    "SECURE_COOKIES",
    "SSL_REDIRECT",
    "IDENTITY_SIMULATOR_URL",
    "OSS_TEST_DB",
    "DATABASE_OWNER_URL",  # of `migrate` alone
}
_MADE_BY_COMPOSE = {
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "PUBLIC_URL",
    "TRUSTED_PROXIES",
}


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
    settings.NUMBER_KEYS, settings.NUMBER_INDEX_KEY = WHOLE["NUMBER_KEYS"].split(","), WHOLE["NUMBER_INDEX_KEY"]
    for name in _DEMONSTRATED - WHOLE.keys() - _REAL_ELSEWHERE:
        setattr(settings, name, "")
    for name in {name for names in NEIGHBOURS.values() for name in names}:
        setattr(settings, name, "")
    settings.CLAMD_URL = WHOLE["CLAMD_URL"]
    settings.SECURE_SSL_REDIRECT = True
    return settings


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("PRODUCTION", False, "oss.E001"),
        ("ALLOWED_HOSTS", [], "oss.E002"),
        ("ALLOWED_HOSTS", ["*"], "oss.E002"),
        ("ALLOWED_HOSTS", ["motcua.example", ".motcua.example"], "oss.E002"),
        ("PUBLIC_URL", "", "oss.E003"),
        ("PUBLIC_URL", "http://motcua.example", "oss.E003"),
        ("PUBLIC_URL", "https://127.0.0.1:8000", "oss.E003"),
        ("PUBLIC_URL", "https://192.168.1.4", "oss.E003"),
        ("SECRET_KEY", "demonstration-only-not-a-secret-" + "0" * 32, "oss.E004"),
        ("NUMBER_KEYS", ["demonstration-only-number-key-" + "0" * 32], "oss.E004"),
        ("NUMBER_KEYS", [], "oss.E009"),
        ("NUMBER_KEYS", ["a-key-that-is-long-enough-for-anything", "short"], "oss.E009"),
        ("NUMBER_INDEX_KEY", "", "oss.E009"),
        ("NUMBER_INDEX_KEY", "p3Vt-9aQ_" * 6, "oss.E010"),
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
        ("HOTLINE", "1900 0000", "oss.E004"),
        ("SIGNING_PASSPHRASE", "demonstration-signing-passphrase", "oss.E004"),
        ("BANK_ACCOUNT", {"bin": "970436", "number": "0011002233445", "holder": "TT PVHCC"}, "oss.E004"),
        ("POST_URL", "https://post.example", "oss.W001"),
        ("NATIONAL_PASSWORD", "x", "oss.W001"),
        ("CLAMD_URL", "", "oss.W009"),
    ],
)
def test_what_is_missing_is_named(real, name, value, identifier):
    assert not check_deployment()
    setattr(real, name, value)
    found = check_deployment()
    assert [message.id for message in found] == [identifier]
    named = {"BANK_ACCOUNT": "BANK_ACCOUNT_NUMBER", "POST_URL": "POST_KEY", "NATIONAL_PASSWORD": "NATIONAL_URL"}
    assert named.get(name, name) in f"{found[0].msg} {found[0].hint}"


def test_every_value_of_the_demonstration_is_known_to_the_check():
    assert DEMONSTRATION.keys() >= _DEMONSTRATED - _REAL_ELSEWHERE


def test_the_example_names_every_variable():
    assert not _READ - {name for name, _text in _example()} - _OF_THE_IMAGE - _MADE_BY_COMPOSE


def test_settings_can_be_read_from_the_example_with_every_line_open():
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**kept, "PRODUCTION": "1", **dict(_example())}
    subprocess.run([sys.executable, "-c", "import oss_portal.settings"], cwd=CHECKOUT, env=env, check=True)


def _example() -> list[tuple[str, str]]:
    text = (CHECKOUT / "deploy" / "environment.example").read_text()
    return re.findall(r"^(?:# )?([A-Z][A-Z_0-9]+)=(.*)$", text, re.MULTILINE)


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


@pytest.mark.django_db
def test_keys_that_do_not_fit_the_numbers_on_record_are_told(settings):
    PersonFactory()
    assert check_number_keys(databases=["default"]) == check_number_keys() == []
    for name, other in (("NUMBER_KEYS", ["another-key-" + "1" * 32]), ("NUMBER_INDEX_KEY", "another-key-" + "2" * 32)):
        usual = getattr(settings, name)
        setattr(settings, name, other)
        (found,) = check_number_keys(databases=["default"])
        assert found.id == "oss.E011"
        assert found.msg.startswith(name)
        setattr(settings, name, usual)


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
        '"numbers": [""], '
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


def test_every_containers_lines_can_leave_the_machine_by_tls():
    whole = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
    away = yaml.safe_load((CHECKOUT / "deploy" / "compose.logs.yml").read_text())["services"]
    assert set(away) == set(whole)
    for name, service in away.items():
        logging = service["logging"]
        assert logging["driver"] == "syslog", name
        assert logging["options"]["syslog-address"] == "tcp+tls://${LOG_COLLECTOR:?}", name
        assert logging["options"]["syslog-tls-ca-cert"] == "${LOG_AUTHORITY:?}", name
