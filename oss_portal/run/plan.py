"""Which processes make up the portal on one machine.

Django and all that the portal is made of are loaded once, before, and each process is a fork of the one that loaded:
five loads one beside the other were three quarters of a start. In containers each is a program of its own.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module

from oss_portal.engines.folder import CHECKOUT, DataFolder
from oss_portal.processes import Child, named
from oss_portal.run.checks import CannotRun, free_port

LONGEST_TMPDIR = 60  # programs make sockets below TMPDIR, whose paths end at 107 bytes
# What the processes would import by themselves after the fork, each for itself.
SHARED = (
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "celery.worker.consumer",
    "dossiers.letters",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "kombu.transport.redis",
    "payments.receipts",
)


# Outside services that are pretended beside the portal: the setting that names the real one, and the program's label.
SIMULATORS = {
    "bank": ("BANK_URL", "the bank simulator"),
    "vnpay": ("VNPAY_URL", "the VNPAY simulator"),
    "sms": ("SMS_GATEWAY_URL", "the SMS simulator"),
    "identity": ("IDENTITY_SIMULATOR_URL", "the identity provider simulator"),
    "national": ("NATIONAL_URL", "the national portal simulator"),
    "post": ("POST_URL", "the public post's simulator"),
    "registries": ("REGISTRIES_URL", "the national registers' simulator"),
    "clamd": ("CLAMD_URL", "the malware scanner simulator"),
    "pki": ("TSA_URL", "the certification authority simulator"),
}
_SCHEMES = {"clamd": "tcp"}


def environment(folder: DataFolder, port: int, simulators: dict[str, int]) -> dict[str, str]:
    """What every process of the portal finds in its environment beside what is there."""
    own = {"DATA_DIR": str(folder.root), "PORT": str(port)}
    if len(str(folder.tmp)) <= LONGEST_TMPDIR:
        own["TMPDIR"] = str(folder.tmp)
    for name, own_port in simulators.items():
        own[SIMULATORS[name][0]] = f"{_SCHEMES.get(name, 'http')}://127.0.0.1:{own_port}"
    if "vnpay" in simulators:
        own |= {
            "VNPAY_URL": f"http://127.0.0.1:{simulators['vnpay']}/paymentv2/vpcpay.html",
            "VNPAY_API_URL": f"http://127.0.0.1:{simulators['vnpay']}/merchant_webapi/api/transaction",
        }
    if "pki" in simulators:
        from simulators.pki import OCSP_OF_DEMONSTRATION

        address = f"http://127.0.0.1:{simulators['pki']}"
        own |= {"TSA_URL": f"{address}/tsa", "OCSP_URLS": f"{OCSP_OF_DEMONSTRATION}=>{address}/ocsp"}
    return own


def simulator_ports() -> dict[str, int]:
    """A port for each simulator, left out where the environment names the real service."""
    wanted = [name for name, (setting, _label) in SIMULATORS.items() if not os.environ.get(setting)]
    return {name: free_port() for name in wanted if (CHECKOUT / "simulators" / name).is_dir()}


def load_program() -> None:
    """Loads the portal into this process; opens no connection and starts no thread. Errors: CannotRun."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oss_portal.settings")
    try:
        import django

        django.setup()
        from django.urls import get_resolver

        from oss_portal.celery import app

        app.loader.import_default_modules()
        for module in SHARED:
            import_module(module)
        assert get_resolver().url_patterns
    except Exception as problem:
        reason = f"{type(problem).__name__}: {problem}"
        raise CannotRun(
            f"The portal cannot be loaded ({reason}); correct that, or run `make setup` again."
        ) from problem
    gc.freeze()  # the garbage collector would copy the shared memory into each process by touching it


def processes(folder: DataFolder, simulators: dict[str, int]) -> list[Child]:
    """The web server first, because a person waits for it. `load` comes before they start."""

    def child(name: str, log: str, program: Callable[[], object], *words: str) -> Child:
        made = Child(name, lambda: run(log, program, words), folder.logs / f"{log}.log")
        if "worker" in words:
            # Celery: TERM finishes running tasks first; QUIT gives them back to the queue.
            made.stop_signals, made.patience = (signal.SIGTERM, signal.SIGQUIT), 8.0
        if program is celery:
            made.niceness = 10  # people who wait for a page come first
        return made

    worker = ("worker", "--loglevel=INFO", "--without-gossip", "--without-mingle")
    found = [
        child("the web server", "web", gunicorn, "-c", "deploy/gunicorn.py", "oss_portal.wsgi"),
        child(
            "the worker",
            "worker",
            celery,
            *worker,
            "--queues=urgent,celery,reports",
            "--concurrency=2",
            "--hostname=worker@%h",
        ),
        child("the scan worker", "scan", celery, *worker, "--queues=scan", "--concurrency=1", "--hostname=scan@%h"),
        child("the timetable", "beat", celery, "beat", "--pidfile=", f"--schedule={folder.run / 'timetable'}"),
    ]
    programs = {"bank": bank, "vnpay": vnpay, "sms": sms, "identity": identity, "national": national, "clamd": clamd}
    programs |= {"pki": pki, "registries": registries, "post": post}
    more = {"pki": ("--folder", str(folder.root / "keys" / "demonstration-authority"))}
    # Those that the portal asks again about what it told them before.
    more |= {name: ("--book", str(folder.root / "simulators" / f"{name}.sqlite")) for name in ("national", "post")}
    for name, port in simulators.items():
        words = ("--port", str(port), *more.get(name, ()))
        found.append(child(SIMULATORS[name][1], name, programs[name], *words))
    return found


def run(title: str, program: Callable[[], object], words: tuple[str, ...]) -> int:
    """Runs a program in this process as its command line would, known as `oss-<title>`; returns the exit code."""
    named(f"oss-{title}")
    os.chdir(CHECKOUT)
    sys.argv = [title, *words]
    return int(program() or 0)  # type: ignore[call-overload]


def gunicorn() -> None:
    from gunicorn.app.wsgiapp import WSGIApplication

    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def celery() -> object:
    from oss_portal.celery import app

    return app.start(sys.argv[1:])


def bank() -> None:
    from simulators.bank.__main__ import main

    main()


def vnpay() -> None:
    from simulators.vnpay.__main__ import main

    main()


def sms() -> None:
    from simulators.sms.__main__ import main

    main()


def identity() -> None:
    from simulators.identity.__main__ import main

    main()


def national() -> None:
    from simulators.national.__main__ import main

    main()


def registries() -> None:
    from simulators.registries.__main__ import main

    main()


def post() -> None:
    from simulators.post.__main__ import main

    main()


def pki() -> None:
    from simulators.pki.__main__ import main

    main()


def clamd() -> None:
    from simulators.clamd.__main__ import main

    main()
