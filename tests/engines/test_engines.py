"""Real servers in real data folders: start, attach, stop, and what survives a kill."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from oss_portal import engines
from oss_portal.engines.folder import DataFolder, EngineError
from oss_portal.engines.leftovers import settle
from oss_portal.processes import wait_until
from tests.engines.holders import Holder, all_gone, servers_of


def ask(url: str, statement: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


def answers(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def pings(client: redis.Redis) -> bool:
    try:
        return client.ping()
    except redis.RedisError:
        return False


def test_data_survives_a_stop_and_letters_fold(folder: DataFolder) -> None:
    first = engines.ensure(folder, durable=True)
    assert first.started == ("PostgreSQL", "Valkey")
    assert os.environ["DATABASE_URL"] == first.database_url
    assert ask(first.database_url, "SELECT lower('ĐƯỜNG HẰNG')") == [("đường hằng",)]
    ask(first.database_url, "CREATE TABLE kept AS SELECT 7 AS number")
    redis.Redis.from_url(first.redis_url).set("kept", "7")
    engines.release(folder)
    assert all_gone(folder)

    os.environ.pop("DATABASE_URL")
    os.environ.pop("REDIS_URL")
    second = engines.ensure(folder, durable=True)
    assert ask(second.database_url, "SELECT number FROM kept") == [(7,)]
    assert redis.Redis.from_url(second.redis_url).get("kept") == b"7"
    assert second.redis_url.rpartition(":")[2] == first.redis_url.rpartition(":")[2], "the port is kept"


def test_the_last_holder_turns_the_servers_off(folder: DataFolder) -> None:
    starter, other = Holder(folder), Holder(folder)
    assert (bool(starter.started), bool(other.started)) == (True, False)
    starter.let_go()
    assert ask(other.database_url, "SELECT 1") == [(1,)]
    other.let_go()
    assert not servers_of(folder), "they were gone before the last holder ended"


def test_two_folders_side_by_side(folder: DataFolder, tmp_path: Path) -> None:
    neighbour = DataFolder(tmp_path / "neighbour")
    here, there = Holder(folder), Holder(neighbour)
    assert here.database_url != there.database_url
    assert here.redis_url != there.redis_url
    ask(here.database_url, "CREATE TABLE mine (n int)")
    assert ask(there.database_url, "SELECT to_regclass('mine')") == [(None,)]
    here.let_go()
    assert ask(there.database_url, "SELECT 1") == [(1,)]
    there.let_go()


def test_a_killed_holder_leaves_no_server(folder: DataFolder) -> None:
    holder = Holder(folder)
    holder.kill()
    assert all_gone(folder)


def test_a_killed_keeper_leaves_no_server_and_the_next_start_recovers(folder: DataFolder) -> None:
    holder = Holder(folder)
    ask(holder.database_url, "CREATE TABLE kept AS SELECT 7 AS number")
    keeper = next(process for process in servers_of(folder) if "oss_portal.engines.keeper" in process.cmdline())
    keeper.kill()
    assert all_gone(folder)
    holder.kill()
    again = Holder(folder)
    assert again.started
    assert ask(again.database_url, "SELECT number FROM kept") == [(7,)]
    again.let_go()


def test_a_killed_valkey_is_started_again_where_it_was_with_its_queue(folder: DataFolder) -> None:
    url = engines.ensure(folder, durable=True).redis_url
    client = redis.Redis.from_url(url)
    client.rpush("urgent", "a task")
    server = next(process for process in servers_of(folder) if process.name().startswith("valkey"))
    server.kill()
    server.wait(20)
    assert wait_until(lambda: pings(client), seconds=30)
    assert client.lrange("urgent", 0, -1) == [b"a task"]
    assert "Valkey was killed by SIGKILL; it is started again in" in (folder.logs / "engines.log").read_text()


def test_a_killed_postgresql_is_started_again_where_it_was_and_no_old_backend_writes_on(folder: DataFolder) -> None:
    url = engines.ensure(folder, durable=True).database_url
    ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    busy = psycopg.connect(url, autocommit=True)
    backend = psutil.Process(busy.info.backend_pid)
    # It computes and never looks up, so that it does not notice the end of its postmaster.
    busy.pgconn.send_query(b"DO $$ BEGIN LOOP END LOOP; END $$")
    postmaster = backend.parent()
    assert wait_until(lambda: backend.cpu_times().user > 0.05, seconds=20)
    postmaster.kill()
    postmaster.wait(20)
    assert wait_until(lambda: answers(url), seconds=40)
    assert ask(url, "SELECT number FROM kept") == [(7,)]
    assert not backend.is_running()
    busy.close()


def test_a_killed_keeper_is_followed_by_another_at_the_same_addresses(folder: DataFolder) -> None:
    found = engines.ensure(folder, durable=True)
    keeper = next(process for process in servers_of(folder) if "oss_portal.engines.keeper" in process.cmdline())
    keeper.kill()
    keeper.wait(20)
    engines.revive(folder)
    assert ask(found.database_url, "SELECT 1") == [(1,)]
    assert redis.Redis.from_url(found.redis_url).ping()


def test_a_stale_pid_file_that_names_a_stranger_is_no_obstacle(folder: DataFolder) -> None:
    Holder(folder).let_go()
    (folder.postgres / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder.postgres}/cluster\n")
    holder = Holder(folder)
    assert holder.started
    holder.let_go()


@pytest.mark.parametrize("text", ["", "not a number", "999999999"])
def test_settling_removes_a_pid_file_without_a_server(tmp_path: Path, text: str) -> None:
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(text)
    settle(pid_file, "mark", stop_signal=2)
    assert not pid_file.exists()


def test_a_path_too_long_for_a_socket_and_with_blanks(folder: DataFolder, tmp_path: Path) -> None:
    far = DataFolder(tmp_path / ("a very long name " * 6) / ("and another " * 6))
    holder = Holder(far)
    assert ask(holder.database_url, "SELECT 1") == [(1,)]
    assert redis.Redis.from_url(holder.redis_url).ping()
    holder.let_go()
    assert not servers_of(far)


def test_a_taken_port_of_valkey_is_replaced(folder: DataFolder) -> None:
    holder = Holder(folder)
    port = int((folder.valkey / "port").read_text())
    holder.let_go()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        holder = Holder(folder)
        assert redis.Redis.from_url(holder.redis_url).ping()
        assert int((folder.valkey / "port").read_text()) != port
        holder.let_go()


def test_given_addresses_start_nothing(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    found = engines.ensure(folder)
    assert (found.embedded, found.started) == (False, ())
    assert not folder.root.exists()


def test_the_password_is_closed_to_others(folder: DataFolder) -> None:
    holder = Holder(folder)
    redis_url = holder.redis_url
    secret = redis_url.split(":")[2].split("@")[0]
    for file in (folder.state_file, folder.run / "valkey.conf"):
        assert secret in file.read_text()
        assert file.stat().st_mode & 0o077 == 0
    assert not any(secret in " ".join(process.cmdline()) for process in servers_of(folder))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(redis_url.replace(secret, "wrong")).ping()
    holder.let_go()


def test_a_folder_that_cannot_be_written_is_a_sentence(folder: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be written"):
        engines.ensure(DataFolder(tmp_path / "file" / "data"))


def test_a_full_disk_is_a_sentence(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oss_portal.engines.folder.LEAST_FREE_BYTES", 2**60)
    with pytest.raises(EngineError, match="free at least"):
        engines.ensure(folder)
    assert wait_until(lambda: not servers_of(folder), seconds=1)
