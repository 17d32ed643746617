"""Health check of the web container: exit code 0 when database and broker answer through the web server."""

import os
import ssl
import sys
import urllib.request

handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
scheme = "http"
if os.environ.get("WEB_CERTIFICATE"):
    scheme = "https"
    context = ssl.create_default_context(cafile=os.environ["WEB_AUTHORITY"])
    handlers.append(urllib.request.HTTPSHandler(context=context))
opener = urllib.request.build_opener(*handlers)
try:
    opener.open(f"{scheme}://127.0.0.1:{os.environ.get('PORT', '8000')}/health/ready", timeout=8)
except OSError as problem:
    sys.exit(f"not ready: {problem}")
