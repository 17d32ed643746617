"""What people see of the data that is kept about them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.looks import looks_at
from accounts.permissions import SIGNED_IN, open_to
from core.pagination import page_of


@open_to(SIGNED_IN)
@never_cache
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at one's data, when and why: the agency and the part it has, not the officer's name."""
    person = request.actor.person
    if person is None:
        return redirect("profile")
    page = page_of(looks_at(person), request, by=("-id",))
    return render(request, "accounts/looks.html", {"page": page})
