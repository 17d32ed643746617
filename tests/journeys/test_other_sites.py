"""A page of another site, in a real browser: it cannot frame the portal, and its forms are nobody's."""

from http.server import BaseHTTPRequestHandler

import pytest

from accounts.models import Account
from tests.factories.servers import serving
from tests.journeys.visitor import DESKTOP

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture
def elsewhere(portal):
    """Another site (localhost is not 127.0.0.1) with a frame of the portal and a form that sends itself."""
    pages = {
        "/frame": f'<h1>Khác</h1><iframe name="inner" src="{portal.address}/profile/" width="600"></iframe>',
        "/form": f"""<form method="post" action="{portal.address}/profile/language/">
            <input name="language" value="en"></form><script>document.forms[0].submit()</script>""",
    }

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802 (http.server's name)
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Page) as url:
        yield url.replace("127.0.0.1", "localhost")


def test_another_site_neither_frames_nor_sends(portal, visit, elsewhere):
    me = visit("vi", DESKTOP, portal.cast.citizen)
    account = portal.cast.citizen.account
    language = Account.objects.get(pk=account.pk).language
    page = me.context.new_page()  # the browser's own complaints about the frame are wanted here
    page.goto(f"{elsewhere}/frame")
    page.wait_for_load_state("load")
    inner = page.frame("inner")
    assert inner is None or not inner.url.startswith(portal.address)
    assert "Tài khoản của tôi" not in (inner.content() if inner else "")
    page.goto(f"{elsewhere}/form")
    page.wait_for_url(f"{portal.address}/**")
    assert Account.objects.get(pk=account.pk).language == language
    page.close()
    me.open("/profile/")
    assert "/profile/" in me.path
