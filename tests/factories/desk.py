"""Addresses of the counter."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Enterprise, Person
from accounts.owner_references import owner_reference


def intake_page(code: str, owner: Person | Enterprise, key: str = "") -> str:
    """Address of the counter's intake of a procedure for somebody; without a key it asks for one."""
    query = {"owner": owner_reference(owner), **({"key": key} if key else {})}
    return f"{reverse('desk-intake', args=[code])}?{urlencode(query)}"
