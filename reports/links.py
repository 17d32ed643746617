"""The addresses of lists behind numbers."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from reports.periods import Period


def list_url(measure: str, period: Period, agency: Mapping[str, str]) -> str:
    """The list that a number of `measure` (a name of MEASURES) opens; `agency` is the part that names one, or empty."""
    return f"{reverse('reports-list')}?{urlencode({'measure': measure, **period.query, **agency})}"
