"""The web server, the same on one machine and in containers; values come from the environment."""

import os
import ssl
from collections.abc import Callable

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
timeout = 120
graceful_timeout = 8
keepalive = 65
# Heartbeats on a disk that is busy would look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# A folder with cert.pem and key.pem: it answers by TLS only. Without one it is spoken to within its own machine.
if folder := os.environ.get("WEB_CERTIFICATE"):
    certfile, keyfile = f"{folder}/cert.pem", f"{folder}/key.pem"


def ssl_context(config: object, default_context: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


control_socket_disable = True
# Whom to believe about the client's address is the portal's own setting (TRUSTED_PROXIES), not the server's.
forwarded_allow_ips = ""

# Its lines go through the portal's formatter too: gunicorn names the whole address of a request that failed.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "oss_portal.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}
