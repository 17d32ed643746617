"""What a first visit brings over the line, and what is collected for it."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from oss_portal.run.preparation import NOT_COLLECTED

GOAL, HEADERS = 100_000, 4_800  # bytes; the headers of nine answers, as a browser counted them
DIST = Path(settings.BASE_DIR) / "static" / "dist"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/track/"])
def test_a_first_visit_weighs_less_than_a_hundred_thousand_bytes(client, address):
    page = client.get(address).content
    named = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page.decode()))
    assert {"dist/citizen.css", "dist/citizen.js"} <= named
    files = [(DIST.parent / name).read_bytes() for name in named if not name.endswith(".woff2")]
    fonts = [file.stat().st_size for file in DIST.glob("fonts/*-normal.woff2")]
    assert len(fonts) == 4
    assert len(gzip.compress(page)) + sum(len(brotli.compress(file)) for file in files) + sum(fonts) + HEADERS < GOAL


def test_only_what_pages_load_is_collected():
    paths = [Path(path) for finder in get_finders() for path, _storage in finder.list(NOT_COLLECTED)]
    assert {path.parts[0] for path in paths} == {"dist", "img", "drf_spectacular_sidecar"}
    explorer = {path.name for path in paths if path.parts[0] == "drf_spectacular_sidecar"}
    assert {"swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "swagger-ui.css"} <= explorer
