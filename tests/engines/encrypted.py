"""A TLS front before a server that speaks in plain, as operators put one before PostgreSQL or Valkey.

PostgreSQL's clients ask for encryption in the clear first (SSLRequest) and go on when they are answered `S`; others
begin with TLS at once.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SSL_REQUEST = bytes.fromhex("0000000804d2162f")


@contextmanager
def tls_front(certificate: Path, reach: Callable[[], socket.socket], *, asked_first: bool = False) -> Iterator[int]:
    """Its port. Each connection is decrypted and led on to the server that `reach` connects to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, context, reach, asked_first), daemon=True).start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)


def _accept(
    listening: socket.socket, context: ssl.SSLContext, reach: Callable[[], socket.socket], asked_first: bool
) -> None:
    while True:
        try:
            arrived, _address = listening.accept()
        except OSError:  # the test is over
            return
        threading.Thread(target=_lead_on, args=(arrived, context, reach, asked_first), daemon=True).start()


def _lead_on(
    arrived: socket.socket, context: ssl.SSLContext, reach: Callable[[], socket.socket], asked_first: bool
) -> None:
    with closing(arrived):
        if asked_first:
            if arrived.recv(len(SSL_REQUEST), socket.MSG_WAITALL) != SSL_REQUEST:
                return
            arrived.sendall(b"S")
        try:
            client = context.wrap_socket(arrived, server_side=True)
        except (ssl.SSLError, OSError):  # the client did not believe the certificate
            return
        with closing(client), closing(reach()) as server:
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join(5)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
