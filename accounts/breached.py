"""Passwords known from breaches, looked up in a list on this machine: no part of a password leaves it.

The list is a file of the first eight bytes of SHA-1 digests, sorted, made by `manage.py build_breached_passwords` from
the published lists (docs/security/passwords.md). Without one, only the rules below hold.
"""

import hashlib
import mmap
import os
import struct
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vietnam.text import fold

MAGIC = b"OSSBP1\n\0"
_HEADER = struct.Struct(">8sQ")  # magic, when it was made (seconds)
SIZE = 8  # bytes kept of a digest: among a billion of them a wrong match has odds of 1 to 10^10
_CHUNK = 4_000_000  # digests sorted at a time

# What people in Vietnam choose first, without accents and digits; a password of nothing else is refused.
EASY_WORDS = frozenset(
    """
    abc abcd abcde abcdef abcdefgh admin administrator anhyeuem anhnhoem asdfgh asdfghjkl bacgiang bacninh bomeyeu canbo
    chinhquyen chuyenvien congdan congan conyeu daiky dichvucong emyeuanh giadinh hanhphuc hanoi haiphong hochiminh
    iloveyou khongbiet khongcho lanhdao letmein mainho matkhau matkhaumoi maimai mothaiba motcua nguyen nguyenvana
    password phuong quantri quantrivien qwerty qwertyuiop saigon tinhyeu tran ubnd vanthu vietnam vuive welcome xinchao
    yeuanh yeuem zxcvbn zxcvbnm
    """.split()  # noqa: SIM905 - sixty words read better without quotes
)


class BreachedList:
    """An opened list. Raises OSError when it cannot be read, ValueError when it is none."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._bytes) < _HEADER.size:
            raise ValueError(f"{path.name} is no list of breached passwords")
        magic, made = _HEADER.unpack(self._bytes[: _HEADER.size])
        if magic != MAGIC or (len(self._bytes) - _HEADER.size) % SIZE:
            raise ValueError(f"{path.name} is no list of breached passwords")
        self.made_at = datetime.fromtimestamp(made, UTC)
        self.length = (len(self._bytes) - _HEADER.size) // SIZE

    def __contains__(self, password: str) -> bool:
        wanted, low, high = digest_of(password), 0, self.length
        while low < high:
            middle = (low + high) // 2
            start = _HEADER.size + middle * SIZE
            found = self._bytes[start : start + SIZE]
            if found == wanted:
                return True
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return False


def digest_of(password: str) -> bytes:
    """SHA-1 because the published lists are; it keeps no secret here."""
    return hashlib.sha1(password.encode(), usedforsecurity=False).digest()[:SIZE]


def build_list(digests: Iterable[bytes], target: Path, *, at: datetime) -> int:
    """Write the sorted list of these digests (`SIZE` bytes each) and put it in its place at once; returns how many.

    Memory stays bounded: what does not come sorted is sorted in pieces on disk.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        pieces = [_write_piece(sorted(piece), Path(folder) / str(i)) for i, piece in enumerate(_pieces(digests))]
        count, last = 0, b""
        made = Path(folder) / "list"
        with made.open("wb") as file:
            file.write(_HEADER.pack(MAGIC, int(at.timestamp())))
            for digest in merge(*(_read_piece(piece) for piece in pieces)):
                if digest != last:
                    file.write(digest)
                    count, last = count + 1, digest
            file.flush()
            os.fsync(file.fileno())
        made.replace(target)
    return count


def _pieces(digests: Iterable[bytes]) -> Iterator[list[bytes]]:
    piece: list[bytes] = []
    for digest in digests:
        piece.append(digest)
        if len(piece) >= _CHUNK:
            yield piece
            piece = []
    if piece:
        yield piece


def _write_piece(digests: list[bytes], path: Path) -> Path:
    path.write_bytes(b"".join(digests))
    return path


def _read_piece(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while digest := file.read(SIZE):
            yield digest


_opened: dict[tuple[str, float], BreachedList] = {}


def breached_list() -> BreachedList | None:
    """The configured list, opened once for each file that takes its place; None when there is none."""
    path = Path(settings.BREACHED_PASSWORDS)
    try:
        key = (str(path), path.stat().st_mtime)
        if key not in _opened:
            _opened.clear()
            _opened[key] = BreachedList(path)
        return _opened[key]
    except (OSError, ValueError):
        return None


class BreachedPasswordValidator:
    """Refuses passwords that the list knows; listed in AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Any = None) -> None:
        known = breached_list()
        if known is not None and password in known:
            raise ValidationError(
                _("Mật khẩu này đã lộ trong một vụ rò rỉ dữ liệu nên dễ bị đoán. Hãy chọn mật khẩu khác."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return str(_("Không dùng mật khẩu đã lộ ở nơi khác."))


class EasyPasswordValidator:
    """Refuses one of the first choices of people here with nothing but digits and signs around it."""

    def validate(self, password: str, user: Any = None) -> None:
        if "".join(letter for letter in fold(password) if letter.isalpha()) in EASY_WORDS:
            raise ValidationError(
                _("Mật khẩu này quá dễ đoán. Hãy ghép vài từ không liên quan với nhau."), code="password_easy"
            )

    def get_help_text(self) -> str:
        return str(_("Không chỉ là một từ quen thuộc thêm số."))
