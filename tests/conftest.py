"""Fixtures of all apps. Real PostgreSQL and Valkey; the broker is real too, and tests run its tasks by hand."""

import gc
import os
import resource
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from accounts import sessions
from accounts.models import Account
from agencies.province import load_province
from core import references
from core.valkey import forget_absence
from demo.people import load_demo_people
from journal.roles import WEB
from oss_portal import engines
from oss_portal.engines.pytest_plugin import NUMBER
from oss_portal.outgoing import REFUSED_EVENT
from payments.permissions import PayableFacts, PayableRules
from procedures.models import Edition
from tests import databases
from tests.factories.cast import Cast, cast_of_kinh_bac
from tests.factories.mailbox import Mailbox, free_port
from tests.factories.people import USERS
from tests.factories.tables import draw_papers_once, remember_readers

# Files that wait for servers begin before all others, which work meanwhile.
SERVERS = (
    "engines/test_portal.py",
    "engines/test_supervisor.py",
    "engines/test_engines.py",
    "digitization/test_worker.py",
    "simulators/test_bank.py",
    "simulators/test_sms.py",
)
# Then the files that take longest, so that no worker is left with one of them at the end: by what they took in the
# last run in this checkout, and before any run by this list.
LONG = (
    "test_records.py",
    "test_records_elsewhere.py",
    "dossiers/test_random_walk.py",
    "test_addresses.py",
    "procedures/test_import_run.py",
    "journal/test_sealing.py",
    "frontend/test_gallery.py",
    "test_unkept_addresses.py",
    "digitization/test_reading.py",
    "reports/test_pages.py",
    "digitization/test_scans.py",
    "exchange/test_outside_fuzzer.py",
    "exchange/test_national_arrivals.py",
    "dossiers/test_scanned_stacks.py",
    "dossiers/test_simulation.py",
    "dossiers/test_simulation_bulk.py",
    "procedures/test_open_queries.py",
    "exchange/test_national.py",
    "dossiers/test_recalculation.py",
    "dossiers/test_custody_pages.py",
    "procedures/test_citizen_pages.py",
    "dossiers/test_pages_citizen.py",
    "procedures/test_edition_pages.py",
    "dossiers/test_filing_typed.py",
    "dossiers/test_lifecycle.py",
    "journeys/test_citizen.py",
    "journeys/test_time_and_others.py",
    "journeys/test_officer.py",
    "journeys/test_keyboard.py",
    "journeys/test_payments.py",
    "journeys/test_filing.py",
    "journeys/test_catalogue.py",
    "journeys/test_hand_over.py",
    "journeys/test_counter.py",
    "journeys/test_fees.py",
    "journeys/test_papers.py",
    "journeys/test_correspondence.py",
    "journeys/test_head.py",
    "journeys/test_stacks.py",
    "journeys/test_signing.py",
    "journeys/test_bulk.py",
    "journeys/test_identity.py",
    "journeys/test_forms.py",
    "journeys/test_routes.py",
    "journeys/test_other_systems.py",
    "journeys/test_guides.py",
    "journeys/test_papers_of_people.py",
)
_TAKEN = "oss/seconds by file"
# A run has half a gigabyte. What runs away (the difference of huge texts, an endless list) fails by MemoryError in its
# test, where the kernel would end the whole process without a word.
MOST_MEMORY = 6 * 2**30
# How long an example takes says how busy the machine is, nothing about the product.
hypothesis_settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("steady")
_taken: Counter[str] = Counter()


def pytest_configure() -> None:
    """Settings of the whole run, so that fixtures of a module or of the run, which come before a test's, have them."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY if hard < 0 else min(hard, MOST_MEMORY), hard))
    # Signing in is tried with a quick hash; the product's own stays known for accounts that carry it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    # Tests of other things must not depend on the hour at which they run.
    settings.QUIET_HOURS = ""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # No test is served collected files. Each client looks through their folder when it begins: through an empty one,
    # whether `make run` has collected here before or not.
    empty = engines.test_folder().root / "static"
    empty.mkdir(parents=True, exist_ok=True)
    settings.STATIC_ROOT = empty


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make the template of the databases now: the time that a test may take is not meant for it."""
    if any(item.get_closest_marker("django_db") or _asks_for_database(item) for item in session.items):
        with session.config.stash[blocking_manager_key].unblock():
            databases.prepare_template()
    # What is imported and collected stays until the end: the garbage collector need not walk through it again.
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    databases.let_go_of_lost_connections()


def _asks_for_database(item: pytest.Item) -> bool:
    return not {"db", "transactional_db", "django_db_setup"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files first; journeys last, because they share a running portal whose rows stay until the end."""
    here = Path(__file__).parent
    journeys = here / "journeys"
    servers = {here / name: number for number, name in enumerate(SERVERS)}
    seconds = {here / name: 1_000.0 - number for number, name in enumerate(LONG)}
    if cache := getattr(config, "cache", None):  # none with -p no:cacheprovider
        seconds |= {config.rootpath / name: taken for name, taken in cache.get(_TAKEN, {}).items()}

    def place(item: pytest.Item) -> tuple[bool, int, float]:
        return journeys in item.path.parents, servers.get(item.path, len(servers)), -seconds.get(item.path, 0.0)

    items.sort(key=place)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        _taken[report.location[0]] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remember what each file took; the workers of a run tell the process that started them."""
    cache = getattr(session.config, "cache", None)
    if _taken and cache is not None and not hasattr(session.config, "workerinput"):
        cache.set(_TAKEN, cache.get(_TAKEN, {}) | {name: round(taken, 2) for name, taken in _taken.items()})


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database of this process, with the province and the catalogue, in the place of pytest-django's empty one."""
    own = connection.settings_dict
    usual, name = own["NAME"], f"{own['TEST']['NAME'] or 'test_' + own['NAME']}_{NUMBER}"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        connection.close()
        databases.copy_template(name)
        own["NAME"] = name
        own["OPTIONS"]["assume_role"] = WEB  # as the portal is, so that a missing right fails a test
        # Quicker than to empty every table, and the next test finds what the others found.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.renew())
        yield
        connection.close()
        own["NAME"] = usual
        del own["OPTIONS"]["assume_role"]
        databases.drop(name)


# Nothing in the suite may leave this machine, but to engines that the environment names elsewhere. Whatever opens a
# connection is seen by Python's audit events and refused, and the test in which it happened fails even when the
# product carried on without an answer.
ELSEWHERE = {urlsplit(os.environ.get(name, "")).hostname for name in ("DATABASE_URL", "REDIS_URL")}
went_out: list[str] = []


def _stays(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name in ("", "localhost") or name in ELSEWHERE:
        return True
    try:
        return ip_address(name).is_loopback or name in ("0.0.0.0", "::")
    except ValueError:
        return name == socket.gethostname()


def _refuse_network(event: str, args: tuple) -> None:
    if not event.startswith(("socket.", REFUSED_EVENT)):
        return
    if event == REFUSED_EVENT:
        went_out.append(f"{args[0]}:{args[1]}")
    elif event in ("socket.connect", "socket.sendto"):
        connection, address = args[:2]
        if connection.family in (socket.AF_INET, socket.AF_INET6) and not _stays(address[0]):
            went_out.append(f"{address[0]}:{address[1]}")
            raise ConnectionRefusedError(f"tests do not leave this machine: {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _stays(args[0]):
        went_out.append(str(args[0]))
        raise ConnectionRefusedError(f"tests ask nobody for names: {args[0]}")


sys.addaudithook(_refuse_network)


@pytest.fixture(autouse=True)
def _stays_on_this_machine():
    """Fails the test in which something tried to leave; a test of just that reads and clears `outside`."""
    went_out.clear()
    yield
    tried, went_out[:] = list(went_out), []
    assert not tried, f"a connection to the outside was tried: {tried}"


@pytest.fixture
def outside():
    """What tried to leave this machine in this test; taken from here it does not fail the test."""
    return went_out


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory) -> Path:
    """The folder in which this test's files are stored."""
    folder = tmp_path_factory.getbasetemp() / "media" / uuid4().hex
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    store["OPTIONS"] = {"location": str(folder), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": store}
    return folder


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    forget_absence()
    cache.clear()


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """A real SMTP server to which the portal sends its e-mail."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield box
    controller.stop()


@pytest.fixture
def cast(db) -> Cast:
    """The People's Committee of Kinh Bắc ward, its centre, and who works there."""
    return cast_of_kinh_bac()


@pytest.fixture
def edition(cast) -> Edition:
    """Building permit issued again: settled by the commune within five working days."""
    return Edition.objects.get(procedure__code="1.013228", status="published")


@pytest.fixture(scope="module")
def papers_drawn_once():
    """For modules in which nobody reads what stands on a paper: of each title one is drawn and checked as PDF/A, the
    others are numbered, recorded and filed with an empty page."""
    with pytest.MonkeyPatch.context() as patch:
        draw_papers_once(patch)
        yield


@pytest.fixture(scope="module")
def demo_people(django_db_setup, django_db_blocker):
    """Loaded once for a module, in a transaction that every test's own stands in and that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo_people()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def bacninh(demo_people, db):
    """The province with the demonstration's staff and people."""


@pytest.fixture
def sign_in(client, bacninh):
    """Sign the test's client in by account name."""

    def enter(username):
        client.force_login(Account.objects.get(username=username), backend="accounts.backends.AccountBackend")
        return client

    return enter


@pytest.fixture
def things(monkeypatch, settings):
    """A payable record without an app above it, and a configured bank that nobody calls unless a test starts it.

    Anybody signed in sees and pays it, counters collect for it.
    """
    settings.BANK_URL = "http://127.0.0.1:9"
    settings.BANK_SECRET = "bí mật của ngân hàng"
    monkeypatch.setattr(references, "_answers", dict(references._answers))
    references.register_answers(
        "thing",
        PayableRules(
            describe=lambda _actor, owner: PayableFacts("Cấp lại giấy phép", "/", owner),
            may_see=lambda actor, _owner: not actor.is_anonymous,
            may_pay=lambda actor, _owner: not actor.is_anonymous,
            may_collect=lambda actor, _owner: actor.role == "counter",
        ),
    )


@pytest.fixture(scope="module")
def clients(django_db_setup, django_db_blocker):
    """One signed-in client for each role, and one of nobody.

    Their sessions do not lock: what tests do with them is rolled back, so a module that takes longer than a desk may be
    left alone on a busy machine would find them locked. That they were seen is written before the first test, not
    again and again at each of their thousands of requests, which are rolled back. Accounts and posts are loaded once.
    """
    awake = override_settings(DESK_LOCK_MINUTES=0, STAFF_LOCK_MINUTES=0)
    with awake, django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "SEEN_EVERY", timedelta(days=1))
        remember_readers(patch)
        load_province("bacninh", today=date(2026, 11, 23))
        load_demo_people()
        found = {"anonymous": Client(raise_request_exception=False)}
        for role, username in USERS.items():
            found[role] = Client(raise_request_exception=False)
            found[role].force_login(Account.objects.get(username=username), backend="accounts.backends.AccountBackend")
            found[role].get("/profile/")  # its session has begun, which would else be written at every address again
        yield found
        transaction.set_rollback(True)
