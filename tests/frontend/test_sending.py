"""How answers go over the line."""

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from oss_portal.middleware import CompressionMiddleware

LONG = b"<p>trang</p>" * 100


@pytest.mark.parametrize(
    ("answer", "encoding"),
    [
        (HttpResponse(LONG), "gzip"),
        (HttpResponse(LONG, content_type="application/json"), "gzip"),
        (HttpResponse(LONG, content_type="application/pdf"), ""),
        (FileResponse(iter([LONG]), content_type="text/html"), ""),  # its length stays known, and it can be resumed
    ],
)
def test_pages_go_compressed_and_files_as_they_are(answer, encoding):
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    sent = CompressionMiddleware(lambda _request: answer)(request)
    assert sent.headers.get("Content-Encoding", "") == encoding
