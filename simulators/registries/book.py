"""What the registers hold, who asked, and their fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    NONE = ""
    BROKEN = "broken"  # HTTP 500
    SILENT = "silent"  # no answer at all
    NO_JSON = "no-json"  # a page of HTML with status 200
    REFUSED = "refused"  # a code that says no


PEOPLE = {
    "027190000077": {"hoVaTen": "Vũ Thị Hạnh", "ngaySinh": "19900214", "gioiTinh": "Nữ",
                     "noiThuongTru": "Số 5 Ngô Gia Tự, phường Kinh Bắc"},
    "027190000011": {"hoVaTen": "Nguyễn Thị Ánh", "ngaySinh": "19900301", "gioiTinh": "Nữ",
                     "noiThuongTru": "12 Nguyễn Gia Thiều, phường Kinh Bắc"},
}  # fmt: skip
BODIES = {"0100109106": {"tenDoanhNghiep": "Công ty Thử nghiệm", "diaChiTruSo": "Số 1 Lý Thái Tổ, Bắc Ninh",
                         "nguoiDaiDien": "Nguyễn Thị Ánh", "soDinhDanhNguoiDaiDien": "027198123456",
                         "tinhTrang": "Đang hoạt động"}}  # fmt: skip
PLOTS = {"AA 01234567": {"thuaDat": 120, "toBanDo": 7, "dienTich": 85.5, "mucDichSuDung": "ODT",
                         "chuSuDung": "Nguyễn Thị Ánh"}}  # fmt: skip


@dataclass
class Book:
    key: str
    fault: Fault = Fault.NONE
    asked: list[dict[str, str]] = field(default_factory=list)
    registers: dict[str, tuple[str, dict[str, dict]]] = field(
        default_factory=lambda: {
            "/dan-cu/tra-cuu": ("soDinhDanh", PEOPLE),
            "/doanh-nghiep/tra-cuu": ("maSoThue", BODIES),
            "/dat-dai/tra-cuu": ("soGiayChungNhan", PLOTS),
        }
    )

    def answer(self, path: str, said: dict[str, str]) -> dict:
        """Whoever asks without purpose or officer gets no answer."""
        self.asked.append({"path": path, **said})
        name, rows = self.registers[path]
        if self.fault is Fault.REFUSED or not said.get("mucDich") or not said.get("taiKhoanCanBo"):
            return {"maLoi": "09", "thongBao": "Không được phép tra cứu"}
        found = rows.get(str(said.get(name, "")))
        return {"maLoi": "00", "ketQua": found} if found else {"maLoi": "01", "thongBao": "Không có dữ liệu"}
