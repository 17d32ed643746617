"""What a simulator still knows after a restart: JSON by kind and key, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any


class Kept:
    """Without a file nothing is kept. `keep` returns when the value is on the disk's way: a kill loses nothing."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS kept (kind TEXT, key TEXT, value TEXT, PRIMARY KEY (kind, key))"
            )

    def known(self, kind: str) -> dict[str, Any]:
        """Every value of the kind by its key, in the order in which they came first."""
        if self._database is None:
            return {}
        with self._lock:
            rows = self._database.execute("SELECT key, value FROM kept WHERE kind = ? ORDER BY rowid", (kind,))
            return {key: json.loads(value) for key, value in rows}

    def keep(self, kind: str, key: str, value: Any) -> None:
        if self._database is None:
            return
        with self._lock:
            self._database.execute(
                "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                (kind, key, json.dumps(value, ensure_ascii=False)),
            )
