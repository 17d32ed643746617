"""The addresses of lists behind numbers."""

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse

from reports.periods import Period


@cache
def _lists(_prefix: str) -> str:
    """A table of figures asks for it hundreds of times."""
    return reverse("reports-list")


def list_url(measure: str, period: Period, narrowed: Mapping[str, str]) -> str:
    """The list that a number of `measure` (a name of MEASURES) opens; `narrowed` names the agency or the value of a
    cut, or is empty."""
    return f"{_lists(get_script_prefix())}?{urlencode({'measure': measure, **period.query, **narrowed})}"
