"""The orders of the post, and its fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from simulators.kept import Kept


class Fault(StrEnum):
    NONE = ""
    BROKEN = "broken"  # HTTP 500, nothing taken
    LOST_ANSWER = "lost-answer"  # taken, and the line breaks
    NO_JSON = "no-json"
    REFUSED = "refused"  # says no in words
    UNKNOWN_STATE = "unknown-state"  # names a state that nobody has heard of


STATES = ("DA_NHAN_DON", "DANG_VAN_CHUYEN", "DA_PHAT")


@dataclass
class Book:
    key: str
    fault: Fault = Fault.NONE
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)  # by number
    kept: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self.orders |= self.kept.known("order")

    def take(self, said: dict[str, Any]) -> dict[str, Any]:
        """One order for each reference, however often it is sent."""
        if not (said.get("diaChi") and said.get("dienThoai")):
            return {"maLoi": "02", "thongBao": "Thiếu địa chỉ hoặc điện thoại"}
        for order in self.orders.values():
            if order["said"]["maThamChieu"] == said["maThamChieu"]:
                return self.told(order)
        number = f"BC{len(self.orders) + 1:09}VN"
        self.orders[number] = {"soHieu": number, "said": said, "trangThai": "", "hanhTrinh": [], "nguoiKyNhan": ""}
        self.move(number, STATES[0])
        return self.told(self.orders[number])

    def move(self, number: str, state: str, signed_by: str = "") -> None:
        order = self.orders[number]
        order["trangThai"], order["nguoiKyNhan"] = state, signed_by
        order["hanhTrinh"].append({"thoiGian": f"{datetime.now():%Y%m%d%H%M%S}", "trangThai": state, "noi": "Bắc Ninh"})
        self.kept.keep("order", number, order)

    def told(self, order: dict[str, Any]) -> dict[str, Any]:
        answer = {name: order[name] for name in ("soHieu", "trangThai", "hanhTrinh", "nguoiKyNhan")}
        if self.fault is Fault.UNKNOWN_STATE:
            answer["trangThai"] = "CHUA_RO"
        return {"maLoi": "00", "cuocPhi": 30000, **answer}
