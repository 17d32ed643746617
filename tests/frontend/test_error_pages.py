"""Error pages help even when nothing but the template is there."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_page_stands_alone(name):
    with translation.override("vi"):
        html = render_to_string(f"{name}.html")
    assert 'class="govuk-heading-l"' in html
    assert "Về trang chủ" in html
    assert "style=" not in html
    assert "<script>" not in html
