"""What the portal has been told, and its faults."""

from __future__ import annotations

import base64
import threading
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulators.kept import Kept
from simulators.national.catalogue import CODE, SAMPLE


class Fault(StrEnum):
    NONE = ""
    SESSION_ENDED = "session-ended"  # the session is refused; a new one works
    LOST_ANSWER = "lost-answer"  # taken, and no answer
    BROKEN = "broken"  # HTTP 500, nothing taken
    NO_JSON = "no-json"  # a page of HTML with status 200
    REFUSED = "refused"  # every synchronisation is refused in words
    FORGETFUL = "forgetful"  # answers well and keeps nothing
    MISSING_FILE = "missing-file"  # files are not found
    CUT_FILE = "cut-file"  # a file's line breaks in its middle
    SLOW = "slow"  # answers well, after `slow_seconds`


@dataclass
class Book:
    username: str
    password: str
    fault: Fault = Fault.NONE
    fault_calls: int = 0  # for how many calls; 0 for ever
    slow_seconds: float = 8.0
    sessions: set[str] = field(default_factory=set)
    dossiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    progress: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)  # what applicants did last, yyyyMMddHHmmss, by code
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # (name, content) by id
    procedures: dict[str, dict[str, Any]] = field(default_factory=lambda: {CODE: SAMPLE})
    calls: list[str] = field(default_factory=list)
    kept: Kept = field(default_factory=Kept)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        for code, row in self.kept.known("dossier").items():
            for held, what in ((self.dossiers, "item"), (self.progress, "progress"), (self.changed, "changed")):
                if row[what]:
                    held[code] = row[what]
        for key, (name, content) in self.kept.known("file").items():
            self.files[key] = (name, base64.b64decode(content))

    def _keep(self, code: str) -> None:
        held = {"item": self.dossiers, "progress": self.progress, "changed": self.changed}
        self.kept.keep("dossier", code, {what: rows.get(code) for what, rows in held.items()})

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
        if service == "LayDanhSachTTHC":
            listed = [{"MATTHC": code, "TENTTHC": each["TENTTHC"]} for code, each in self.procedures.items()]
            return {"error_code": "00", "result": listed}
        if service == "LayThuTuc":
            procedure = self.procedures.get(str(fields.get("maTTHC")))
            return {"error_code": "00", "result": [procedure] if procedure else []}
        if service == "LayDanhSachHoSo":
            return self._list(fields)
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
            for item in items:
                self.dossiers[item["MaHoSo"]] = _merged(self.dossiers.get(item["MaHoSo"], {}), item)
                self._keep(item["MaHoSo"])
        return {"error_code": "00"}

    def _advance(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        """The same act told twice counts once."""
        for item in items:
            known = self.progress.setdefault(item["MaHoSo"], [])
            if item not in known and self.fault is not Fault.FORGETFUL:
                known.append(item)
                self._keep(item["MaHoSo"])
        return {"error_code": "00"}

    def _list(self, fields: dict[str, Any]) -> dict[str, Any]:
        """What applicants filed or changed since, oldest change first, a page of it."""
        size, page = int(fields.get("soLuong") or 100), int(fields.get("trang") or 1)
        rows = sorted((moment, code) for code, moment in self.changed.items() if moment >= str(fields.get("tuNgay")))
        shown = rows[(page - 1) * size : page * size]
        return {"error_code": "00", "result": [{"MaHoSo": code, "NgayCapNhat": moment} for moment, code in shown]}

    def file_dossier(self, item: dict[str, Any], files: list[tuple[str, str, bytes]], moment: str) -> str:
        """An applicant files: `files` are (name, code of the paper, content). Returns the portal's code."""
        code = item.get("MaHoSo") or f"G22.99.{len(self.changed) + 1:03}-{moment[2:8]}-{len(self.changed) + 1:04}"
        self.dossiers[code] = {"TrangThaiHoSo": "1", **item, "MaHoSo": code, "TaiLieuNop": []}
        self._touch(code, files, moment)
        return str(code)

    def answer_supplement(self, code: str, text: str, files: list[tuple[str, str, bytes]], moment: str) -> None:
        """The applicant answers the last request for a supplement."""
        requests = self.dossiers[code].get("DanhSachHoSoBoSung") or []
        if requests:
            requests[-1]["ThongTinTiepNhan"] = text
        self._touch(code, files, moment)

    def withdraw(self, code: str, moment: str) -> None:
        self.dossiers[code]["TrangThaiHoSo"] = "7"
        self._touch(code, [], moment)

    def _touch(self, code: str, files: list[tuple[str, str, bytes]], moment: str) -> None:
        for name, paper, content in files:
            key = f"TEP{len(self.files) + 1:06}"
            self.files[key] = (name, content)
            self.kept.keep("file", key, [name, base64.b64encode(content).decode()])
            self.dossiers[code]["TaiLieuNop"].append(
                {
                    "TepDinhKemId": key,
                    "TenTepDinhKem": name,
                    "MaThanhPhanHoSo": paper,
                    "DuongDanTaiTepTin": f"/files/{key}",
                    "IsDeleted": "0",
                }
            )
        self.changed[code] = self.dossiers[code]["NgayCapNhat"] = moment
        self._keep(code)

    def next_fault(self) -> Fault:
        """The fault of this call; a counted one wears off."""
        fault = self.fault
        if self.fault_calls:
            self.fault_calls -= 1
            if not self.fault_calls:
                self.fault = Fault.NONE
        return fault


def _merged(known: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What the applicant filed stays beside what the province tells; files are known by their ids."""
    files = {row["TepDinhKemId"]: row for row in known.get("TaiLieuNop", [])}
    files |= {row["TepDinhKemId"]: row for row in told.get("TaiLieuNop", [])}
    return {**known, **told, "TaiLieuNop": list(files.values())}
