"""The scanner's TCP server."""

from __future__ import annotations

import argparse
import socket
import socketserver
import struct
import threading
from enum import StrEnum

MARK = b"OSS-TEST-MALWARE"
LONGEST = 100 * 1024 * 1024  # StreamMaxLength of clamd.conf(5)
_SILENCE = 300.0


class Fault(StrEnum):
    NONE = ""
    AWAY = "away"  # closes every connection at once
    SILENT = "silent"  # takes the stream and never answers
    BREAKS = "breaks"  # closes in the middle of a stream
    SHORT = "short"  # as with a small StreamMaxLength
    ODD = "odd"  # answers what no client expects


class Scanner(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, fault: Fault = Fault.NONE) -> None:
        super().__init__(("127.0.0.1", port), Session)
        self.fault = fault
        self.ending = threading.Event()
        self.seen = 0


class Session(socketserver.BaseRequestHandler):
    server: Scanner

    def handle(self) -> None:
        try:
            self._answer()
        except ConnectionError:
            return  # the caller has gone

    def _answer(self) -> None:
        command = self._command()
        if command.startswith("FAULT "):
            given = command.removeprefix("FAULT ").strip()
            self.server.fault = Fault(given) if given in set(Fault) else Fault.NONE
            return self._say(f"fault: {self.server.fault or 'none'}")
        if self.server.fault is Fault.AWAY:
            return None
        if command == "PING":
            return self._say("PONG")
        if command == "VERSION":
            return self._say("ClamAV 1.4.3 (simulator)/1/Mon Nov 23 09:00:00 2026")
        if command == "INSTREAM":
            return self._instream()
        return self._say("UNKNOWN COMMAND")

    def _instream(self) -> None:
        content, limit = bytearray(), 1024 if self.server.fault is Fault.SHORT else LONGEST
        while length := struct.unpack("!L", self._read(4))[0]:
            content += self._read(length)
            if self.server.fault is Fault.BREAKS:
                return None
            if len(content) > limit:
                return self._say("INSTREAM size limit exceeded. ERROR")
        self.server.seen += 1
        if self.server.fault is Fault.SILENT:
            self.server.ending.wait(_SILENCE)
            return None
        if self.server.fault is Fault.ODD:
            return self._say("stream: Can't allocate memory ERROR")
        return self._say("stream: Oss.Test.Mark-1 FOUND" if MARK in content else "stream: OK")

    def _command(self) -> str:
        """A command that begins with z ends with a zero byte (clamd(8))."""
        found = bytearray()
        while not found.endswith(b"\0") and len(found) < 200:
            found += self._read(1)
        return found.decode("ascii", "replace").rstrip("\0").removeprefix("z")

    def _read(self, length: int) -> bytes:
        found = bytearray()
        while len(found) < length:
            part = self.request.recv(min(length - len(found), 65536))
            if not part:
                raise ConnectionResetError
            found += part
        return bytes(found)

    def _say(self, answer: str) -> None:
        self.request.sendall(answer.encode() + b"\0")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m simulators.clamd", description=__doc__)
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--fault", default="", choices=[str(fault) for fault in Fault])
    asked.add_argument("--set-fault", default=None, help="tell the one that runs at the port, and end")
    given = asked.parse_args()
    if given.set_fault is not None:
        with socket.create_connection(("127.0.0.1", given.port), timeout=5) as connection:
            connection.sendall(f"zFAULT {given.set_fault}\0".encode())
            print(connection.recv(200).rstrip(b"\0").decode(), flush=True)
        return
    with Scanner(given.port, Fault(given.fault)) as server:
        print(f"clamd at tcp://127.0.0.1:{server.server_address[1]}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.ending.set()


if __name__ == "__main__":
    main()
