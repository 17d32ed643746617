"""The column "ways of filing" of the national portal, as its page runs the cells of a table together.

    Trực tuyến3 Ngày làm việc50,000 VNĐ(Lệ phí)NoteTrực tiếp1Miễn phí…

A cell is heading, time, fee (with a text in brackets) and note, with nothing between them. Reading is pure: it says
what stands there and never repairs it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

HEADINGS = {"Trực tuyến": "online", "Trực tiếp": "counter", "Dịch vụ bưu chính": "post"}
UNITS = {
    "Ngày làm việc": "working_day",
    "Giờ làm việc": "working_hour",
    "Ngày": "calendar_day",
    "Giờ": "calendar_hour",
    "Tháng": "month",
}
NO_INFORMATION = "Không có thông tin"
FREE = "Miễn phí"
_MONEY = r"VNĐ|Việt Nam Đồng|USD"

# A heading begins a cell where time and fee follow it at once; within a note it is followed by a space.
_START = re.compile(rf"({'|'.join(HEADINGS)})(?=(?:\d|[A-ZĐ])[\s\S]{{0,250}}?(?:{FREE}|{NO_INFORMATION}|{_MONEY}))")
_TIME = re.compile(rf"(\d+(?:[.,]\d+)?)\s*({'|'.join(UNITS)})")
_GLUED = re.compile(rf"(\d[\d.,]*)\s*(?:{_MONEY})")
_BARE = re.compile(r"\d+")
_FEE = re.compile(rf"(?:(\d[\d.,]*)\s*({_MONEY})|{FREE}|{NO_INFORMATION})")


@dataclass(frozen=True)
class Cell:
    """One way of filing as it stands there.

    `amount` and `unit` of the time (None where not given); `words` is a time in words. `fee` is the fee as written
    with its currency, `fee_text` what stands in brackets behind it. `glued`: number and fee cannot be told apart.
    """

    channel: str
    amount: Decimal | None
    unit: str | None
    words: str
    fee: str
    fee_text: str
    note: str
    glued: str = ""

    @property
    def raw_time(self) -> str:
        return self.glued or self.words or (str(self.amount) if self.amount is not None else NO_INFORMATION)

    @property
    def raw_fee(self) -> str:
        return f"{self.glued or self.fee}{f' ({self.fee_text})' if self.fee_text else ''}"


def read_cells(text: str) -> list[Cell]:
    """The cells of the column, in order; none for an empty column."""
    return list(_cells(text))


def _cells(text: str) -> Iterator[Cell]:
    parts = _START.split(text)
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        yield _cell(HEADINGS[heading], body)


def unread_text(text: str) -> str:
    """What stands before the first cell: empty when every part of the column was read."""
    return _START.split(text)[0].strip()


def _cell(channel: str, body: str) -> Cell:
    amount: Decimal | None = None
    unit: str | None = None
    words = glued = ""
    if timed := _TIME.match(body):
        amount, unit = Decimal(timed[1].replace(",", ".")), UNITS[timed[2]]
        rest = body[timed.end() :]
    elif joined := _GLUED.match(body):
        glued = joined[0]
        fee_text, rest = _brackets(body[joined.end() :])
        return Cell(channel, None, None, "", "", fee_text, _tidy(rest), glued)
    elif bare := _BARE.match(body):
        amount, rest = Decimal(bare[0]), body[bare.end() :]
    elif body.startswith(NO_INFORMATION):
        rest = body[len(NO_INFORMATION) :]
    else:
        fee_at = _FEE.search(body)
        words = _tidy(body[: fee_at.start()]) if fee_at else _tidy(body)
        rest = body[fee_at.start() :] if fee_at else ""
    fee = _FEE.match(rest)
    if fee is None:
        return Cell(channel, amount, unit, words, "", "", _tidy(rest))
    fee_text, note = _brackets(rest[fee.end() :])
    return Cell(channel, amount, unit, words, fee[0], fee_text, _tidy(note))


def _brackets(text: str) -> tuple[str, str]:
    """(text within the leading brackets, what follows); brackets within are balanced, an open one takes all."""
    if not text.startswith("("):
        return "", text
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return _tidy(text[1:at]).strip("() "), text[at + 1 :]
    return _tidy(text[1:]), ""


def _tidy(text: str) -> str:
    return re.sub(r"[ \t\u00a0]+", " ", text).strip()
