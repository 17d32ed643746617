"""Nothing in the product calls another system over HTTP but the one client."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARIES = {"urllib.request", "http.client", "requests", "httpx", "urllib3", "aiohttp", "smtplib", "socket"}
# What may open a connection by itself, and why it is no call to a neighbour over HTTP, or none of the portal's.
ALLOWED = {
    "journal/outgoing_calls.py": "the one client",
    "oss_portal/outgoing.py": "the list of what may be connected to, below every library",
    "accounts/openid/adapter.py": "django-allauth asks in the words of requests; the session hands them to the client",
    "accounts/views/openid.py": "catches what such a session raises",
    "notices/providers/mail.py": "catches what SMTP raises; the mail server speaks no HTTP",
    "digitization/clamd.py": "the malware scanner's own protocol",
    "oss_portal/engines/valkey.py": "waits for our own broker",
    "oss_portal/run/checks.py": "whether a port of this machine is free",
    "oss_portal/run/portal.py": "whether our own portal answers, before Django is there",
    "demo/management/commands/payment_faults.py": "plays the payer at the simulators",
}
# Other sides of the wire, the measuring instruments, and what runs beside the product.
BESIDE = {".venv", "tests", "simulators", "bench", "deploy", "docs", "node_modules", "findings", "frontend"}


def _imported(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _calls(source: str) -> bool:
    if not any(library.rpartition(".")[2] in source for library in LIBRARIES):
        return False
    return any(each == known or each.startswith(f"{known}.") for each in _imported(source) for known in LIBRARIES)


def test_every_call_goes_through_the_one_client():
    modules = [path for app in ROOT.iterdir() if app.is_dir() for path in app.rglob("*.py")]
    own = {str(path.relative_to(ROOT)): path for path in modules if path.relative_to(ROOT).parts[0] not in BESIDE}
    assert len(own) > 500, "the product was not found"
    assert {name for name, path in own.items() if _calls(path.read_text())} == set(ALLOWED)
