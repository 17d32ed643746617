"""Health check of the web container: exit code 0 when database and broker answer through the web server."""

import sys
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    opener.open("http://127.0.0.1:8000/health/ready", timeout=8)
except OSError as problem:
    sys.exit(f"not ready: {problem}")
