"""The addresses of lists behind numbers."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from reports.periods import Period


def list_url(measure: str, period: Period, narrowed: Mapping[str, str]) -> str:
    """The list that a number of `measure` (a name of MEASURES) opens; `narrowed` names the agency or the value of a
    cut, or is empty."""
    return f"{reverse('reports-list')}?{urlencode({'measure': measure, **period.query, **narrowed})}"
