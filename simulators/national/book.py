"""What the portal has been told, and its faults."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    NONE = ""
    SESSION_ENDED = "session-ended"  # the session is refused; a new one works
    LOST_ANSWER = "lost-answer"  # taken, and no answer
    BROKEN = "broken"  # HTTP 500, nothing taken
    NO_JSON = "no-json"  # a page of HTML with status 200
    REFUSED = "refused"  # every synchronisation is refused in words
    FORGETFUL = "forgetful"  # answers well and keeps nothing


@dataclass
class Book:
    username: str
    password: str
    fault: Fault = Fault.NONE
    fault_calls: int = 0  # for how many calls; 0 for ever
    sessions: set[str] = field(default_factory=set)
    dossiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    progress: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def login(self, fields: dict[str, Any]) -> dict[str, Any]:
        if (fields.get("username"), fields.get("password")) != (self.username, self.password):
            return {"error_code": "1", "message": "Sai tên hoặc mật khẩu"}
        session = uuid.uuid4().hex
        self.sessions = {session}
        return {"error_code": "0", "session": session}

    def call(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields.get("session") not in self.sessions:
            return {"error_code": "3", "message": "Phiên làm việc đã hết"}
        service, items = fields.get("service"), fields.get("data") or []
        if service == "TraCuuHoSo":
            found = self.dossiers.get(str(fields.get("mahoso")))
            return {"error_code": "00", "result": [found] if found else []}
        if self.fault is Fault.REFUSED:
            return {"error_code": "07", "message": "Mã thủ tục chưa được công khai"}
        if service == "DongBoHoSoMC":
            return self._synchronise(items, fields.get("isUpdating") == "True")
        if service == "CapNhatTienDoHoSoMC":
            return self._advance(items)
        return {"error_code": "9", "message": "Không có dịch vụ này"}

    def _synchronise(self, items: list[dict[str, Any]], updating: bool) -> dict[str, Any]:
        for item in items:
            code = item.get("MaHoSo")
            if not code or (code in self.dossiers) != updating:
                return {"error_code": "05", "message": "Hồ sơ đã có" if code in self.dossiers else "Chưa có hồ sơ"}
        if self.fault is not Fault.FORGETFUL:
            self.dossiers.update({item["MaHoSo"]: item for item in items})
        return {"error_code": "00"}

    def _advance(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        """The same act told twice counts once."""
        for item in items:
            known = self.progress.setdefault(item["MaHoSo"], [])
            if item not in known and self.fault is not Fault.FORGETFUL:
                known.append(item)
        return {"error_code": "00"}

    def next_fault(self) -> Fault:
        """The fault of this call; a counted one wears off."""
        fault = self.fault
        if self.fault_calls:
            self.fault_calls -= 1
            if not self.fault_calls:
                self.fault = Fault.NONE
        return fault
