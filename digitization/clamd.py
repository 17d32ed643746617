"""A client of clamd, ClamAV's daemon: streams are judged by its INSTREAM command (clamd(8)).

`CLAMD_URL` names it: ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import Protocol
from urllib.parse import urlsplit

CHUNK = 128 * 1024
PORT = 3310
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 120.0
_LONGEST_ANSWER = 4096


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class ScannerAway(Exception):
    """Nobody answers at the address, or the connection broke: worth trying again later."""


class ScannerRefused(Exception):
    """The scanner answers and does not judge the stream, as when it is longer than StreamMaxLength."""


def found_in(stream: Readable, url: str) -> str:
    """The name of what the scanner found in `stream`; "" when it found nothing. Errors: ScannerAway, ScannerRefused."""
    answer = _ask(url, _instream(stream))
    word = answer.removeprefix("stream: ")
    if word == "OK":
        return ""
    if word.endswith(" FOUND"):
        return word.removesuffix(" FOUND")
    raise ScannerRefused(word.removesuffix(" ERROR") or "no answer")


def version_of(url: str) -> str:
    """As the daemon tells it: engine, number and date of its signatures. Errors: ScannerAway."""
    return _ask(url, iter([b"zVERSION\0"]))


def _instream(stream: Readable) -> Iterator[bytes]:
    """Each chunk with its length in four bytes, network order; one of length nought ends the stream."""
    yield b"zINSTREAM\0"
    while chunk := stream.read(CHUNK):
        yield struct.pack("!L", len(chunk)) + chunk
    yield struct.pack("!L", 0)


def _ask(url: str, parts: Iterator[bytes]) -> str:
    try:
        with closing(_connected(url)) as connection:
            try:
                for part in parts:
                    connection.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has said enough before the end: its answer tells why
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                read = connection.recv(_LONGEST_ANSWER)
                if not read:
                    break
                answer += read
    except OSError as problem:
        raise ScannerAway(type(problem).__name__) from problem
    if not answer:
        raise ScannerAway("the connection was closed without an answer")
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        connection.connect(parts.path)
    else:
        connection = socket.create_connection((parts.hostname or "", parts.port or PORT), timeout=CONNECT_SECONDS)
    connection.settimeout(ANSWER_SECONDS)
    return connection
