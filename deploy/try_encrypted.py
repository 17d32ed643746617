"""Try the TLS of docker-compose.yml with real servers on this machine, where compose itself cannot run.

    .venv/bin/python deploy/try_encrypted.py --postgres /usr/lib/postgresql/15/bin --valkey /usr/bin/valkey-server \
        [--caddy /usr/bin/caddy]

The programs must be able to speak TLS; the embedded ones are not. Certificates are made by `inner_certificates.py`,
PostgreSQL and Valkey are started by the very options of docker-compose.yml and asked at its very addresses, only that
each host is 127.0.0.1 and each file where it lies here. Then: migrations, the web server by TLS with its health check,
Caddy before it; connections in plain, and servers of another authority, must be refused. Exit code 0 when all holds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import yaml
from inner_certificates import keep_certificates
from redis import Redis
from redis.exceptions import ConnectionError as ValkeyRefused

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from oss_portal.engines.system_user import SYSTEM_USER, system_user_prefix  # noqa: E402
from oss_portal.processes import wait_until  # noqa: E402

PASSWORDS = {
    name: f"{name.lower()}-x"
    for name in ("WEB_DATABASE_PASSWORD", "OWNER_DATABASE_PASSWORD", "READ_DATABASE_PASSWORD", "VALKEY_PASSWORD")
}
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


class Trial:
    def __init__(self, folder: Path, programs: argparse.Namespace, stack: ExitStack) -> None:
        self.folder, self.programs, self.stack = folder, programs, stack
        self.ports = dict(zip(("postgres", "valkey", "web", "proxy"), free_ports(4), strict=True))
        self.failed = 0

    def there(self, text: str, service: str = "") -> str:
        """What compose says, as it is called on this machine."""
        for name, value in PASSWORDS.items():
            text = text.replace(f"${{{name}:?}}", value)
        places = {
            "/run/certificate": self.folder / "certificates" / service,
            "/authority": self.folder / "certificates" / "public",
            "/portal/pg_hba.conf": ROOT / "deploy" / "pg_hba.conf",
            "@postgres/": f"@127.0.0.1:{self.ports['postgres']}/",
            "@valkey:6379": f"@127.0.0.1:{self.ports['valkey']}",
            "https://web:8000": f"https://127.0.0.1:{self.ports['web']}",
        }
        for name, place in places.items():
            text = text.replace(name, str(place))
        return str(self.ports["valkey"]) if text == "6379" else text

    def say(self, what: str, holds: bool) -> None:
        self.failed += not holds
        print(f"{'ok    ' if holds else 'FAILED'} {what}", flush=True)

    def refused(self, what: str, ask: Callable[[], object], by: tuple[type[Exception], ...]) -> None:
        try:
            ask()
        except by as problem:
            words = " ".join(str(problem).split())
            self.say(f"{what} is refused: {words[:110]}", True)
        else:
            self.say(f"{what} is refused", False)

    def start(self, command: list[str], **options: Any) -> None:
        with (self.folder / "log").open("ab") as log:
            child = subprocess.Popen(command, stdout=log, stderr=log, **options)  # noqa: S603
        self.stack.callback(child.wait)
        self.stack.callback(child.terminate)

    def start_database(self) -> None:
        data, bin_ = self.folder / "postgres", Path(self.programs.postgres)
        prefix = system_user_prefix([self.folder, bin_ / "postgres"]) if os.geteuid() == 0 else []
        data.mkdir(mode=0o700)
        if prefix:
            shutil.chown(data, SYSTEM_USER, SYSTEM_USER)
        initdb = [str(bin_ / "initdb"), "-D", str(data), "-U", "portal", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run([*prefix, *initdb], check=True, stdout=subprocess.DEVNULL, cwd=data)  # noqa: S603
        options = [self.there(each, "postgres") for each in COMPOSE["postgres"]["command"][1:]]
        options += ["-D", str(data), "-p", str(self.ports["postgres"]), "-clisten_addresses=127.0.0.1"]
        self.start([*prefix, str(bin_ / "postgres"), *options, f"-cunix_socket_directories={data}"], cwd=data)
        psql = [str(bin_ / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(data), "-U", "portal"]
        psql += ["-p", str(self.ports["postgres"])]
        wait(lambda: subprocess.run([*psql, "-c", "SELECT 1", "postgres"], capture_output=True).returncode == 0)  # noqa: S603
        subprocess.run([*psql, "-c", "CREATE DATABASE portal", "postgres"], check=True)  # noqa: S603
        words = [f"{name.split('_')[0].lower()}_password={value}" for name, value in PASSWORDS.items()]
        given = [part for word in words if not word.startswith("valkey") for part in ("-v", word)]
        subprocess.run([*psql, *given, "-f", str(ROOT / "deploy" / "roles.sql"), "portal"], check=True)  # noqa: S603

    def start_valkey(self) -> None:
        options = [self.there(each, "valkey") for each in COMPOSE["valkey"]["command"][1:]]
        self.start([self.programs.valkey, *options, "--dir", str(self.folder), "--bind", "127.0.0.1"])
        wait(lambda: listens(self.ports["valkey"]))

    def environment(self) -> dict[str, str]:
        given = COMPOSE["web"]["environment"]
        known = {name: self.there(given[name]) for name in ("DATABASE_URL", "REDIS_URL", "WEB_AUTHORITY")}
        known["DATABASE_OWNER_URL"] = self.there(COMPOSE["migrate"]["environment"]["DATABASE_OWNER_URL"])
        known["WEB_CERTIFICATE"] = str(self.folder / "certificates" / "web")
        known |= {"DATA_DIR": str(self.folder / "data"), "PORT": str(self.ports["web"]), "WEB_PROCESSES": "1"}
        return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | known

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, *command], cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False
        )

    def go(self) -> int:
        owners = {"postgres": SYSTEM_USER} if os.geteuid() == 0 else {}
        if owners:
            system_user_prefix([self.folder])
        made = keep_certificates(self.folder / "certificates", owners)
        self.say(f"certificates made: {', '.join(made)}", len(made) == 4)
        self.start_database()
        self.start_valkey()
        env = self.environment()
        moved = self.run("manage.py", "migrate", "--noinput", "--verbosity", "0")
        self.say(f"migrations as the owner {moved.stderr[-300:]}", moved.returncode == 0)
        self.start([sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "oss_portal.wsgi"], cwd=ROOT, env=env)
        try:
            wait(lambda: self.run("deploy/is_ready.py").returncode == 0)
            self.say("the web's health check by TLS: database and broker answer", True)
        except TimeoutError:
            self.say(f"the web's health check {self.run('deploy/is_ready.py').stderr}", False)
        self.ask_servers(env)
        if self.programs.caddy:
            self.ask_proxy()
        if self.failed:
            print((self.folder / "log").read_text(errors="replace")[-3000:], file=sys.stderr)
        return int(self.failed > 0)

    def ask_servers(self, env: dict[str, str]) -> None:
        with psycopg.connect(env["DATABASE_URL"]) as reached:
            rows = reached.execute(
                "SELECT bool_and(s.ssl), count(*), min(s.version) FROM pg_stat_ssl s JOIN pg_stat_activity USING (pid) "
                "WHERE usename = 'portal_web'"
            ).fetchone()
        assert rows
        self.say(f"all {rows[1]} connections of the web to PostgreSQL are encrypted ({rows[2]})", bool(rows[0]))
        valkey = Redis.from_url(env["REDIS_URL"])
        told = valkey.info("server")
        version = told.get("valkey_version") or told["redis_version"]
        self.say(f"Valkey {version} answers by TLS, and has no port in plain", valkey.config_get("port")["port"] == "0")
        foreign = self.folder / "foreign"
        foreign.mkdir()
        keep_certificates(foreign, {})
        authority, other = (str(place / "public" / "ca.pem") for place in (self.folder / "certificates", foreign))
        database, broker = env["DATABASE_URL"], env["REDIS_URL"]
        plain = database.partition("?")[0] + "?sslmode=disable"
        self.refused("PostgreSQL in plain", lambda: psycopg.connect(plain), (psycopg.OperationalError,))
        strange = database.replace(authority, other)
        self.refused("a PostgreSQL of another authority", lambda: psycopg.connect(strange), (psycopg.OperationalError,))
        plain_broker = broker.replace("rediss:", "redis:").partition("?")[0]
        self.refused("Valkey in plain", lambda: Redis.from_url(plain_broker).ping(), (ValkeyRefused, OSError))
        strange_broker = broker.replace(authority, other)
        self.refused("a Valkey of another authority", lambda: Redis.from_url(strange_broker).ping(), (ValkeyRefused,))
        address = f"http://127.0.0.1:{self.ports['web']}/health/live"
        self.refused("the web server in plain", lambda: opened(address), (OSError,))

    def ask_proxy(self) -> None:
        caddyfile = self.folder / "Caddyfile"
        caddyfile.write_text(self.there((ROOT / "deploy" / "Caddyfile").read_text()))
        env = self.environment() | {"UPLOAD_LIMIT_MB": "100", "XDG_DATA_HOME": str(self.folder / "caddy")}
        env["PORTAL_HOST"] = f"http://127.0.0.1:{self.ports['proxy']}"
        command = [self.programs.caddy, "run", "--config", str(caddyfile), "--adapter", "caddyfile"]
        self.start(command, env=env, cwd=self.folder)
        wait(lambda: listens(self.ports["proxy"]))
        address = f"http://127.0.0.1:{self.ports['proxy']}/health/live"
        self.say("Caddy speaks to the web server by TLS", opened(address) == 200)
        strange = caddyfile.read_text().replace(
            str(self.folder / "certificates" / "public"), str(self.folder / "foreign" / "public")
        )
        caddyfile.write_text(strange)
        subprocess.run([self.programs.caddy, "reload", "--config", str(caddyfile), "--adapter", "caddyfile"], env=env)  # noqa: S603
        self.refused("a web server of another authority, by Caddy,", lambda: opened(address), (OSError,))


def opened(address: str) -> int:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=20) as answer:  # noqa: S310
        return int(answer.status)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def wait(holds: Callable[[], bool]) -> None:
    """Errors: TimeoutError after two minutes."""
    if not wait_until(holds, seconds=120, pause=0.5):
        raise TimeoutError


def free_ports(many: int) -> list[int]:
    with ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _n in range(many)]
        return [each.getsockname()[1] for each in found]


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        (Path(made) / "certificates").mkdir()
        (Path(made) / "data").mkdir()
        yield Path(made)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--postgres", required=True, help="the folder of PostgreSQL's programs")
    arguments.add_argument("--valkey", required=True, help="valkey-server, or redis-server")
    arguments.add_argument("--caddy", default="", help="caddy")
    with folder() as place, ExitStack() as stack:
        return Trial(place, arguments.parse_args(), stack).go()


if __name__ == "__main__":
    sys.exit(main())
