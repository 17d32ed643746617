"""A server of the test's own, over real HTTP: a simulator, or whatever answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], *, tls: SSLContext | None = None, **named: Any) -> Iterator[str]:
    """The address at which a quiet `handler` answers, with `named` as attributes of its class (its book, say)."""
    own = type("Own", (handler,), {**named, "log_message": lambda *_said: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
