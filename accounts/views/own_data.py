"""What people see of the data that is kept about them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.looks import looks_at
from accounts.middleware import address_of
from accounts.models import Person
from accounts.permissions import SIGNED_IN, open_to
from accounts.signals import own_data_wanted
from core.pagination import page_of
from journal import audit_log


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


@open_to(SIGNED_IN)
@never_cache
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Everything the portal keeps about the person, as a file for other programs (JSON)."""
    person = request.actor.person
    if person is None:
        return redirect("profile")
    at = timezone.now()
    told: dict[str, Any] = {"made_at": at, "person": _person(person)}
    for _receiver, sections in own_data_wanted.send(sender=Person, actor=request.actor):
        answer: Any = sections
        told |= answer
    told["looks"] = [
        {
            "at": look.at,
            "agency": look.post.agency.name if look.post else look.by,
            "about": look.about,
            "purpose": look.get_purpose_display(),
            "reason": look.reason,
        }
        for look in looks_at(person)
    ]
    audit_log.record_entry(
        "own_data_copied", f"person:{person.pk}", by=request.actor, origin=f"web {address_of(request)}"
    )
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="du-lieu-cua-toi-{timezone.localdate(at):%Y%m%d}.json"'
    return answer


def _person(person: Person) -> dict[str, Any]:
    names = ("full_name", "birth_date", "sex", "phone", "email", "address")
    return {"personal_number": person.stated_number, **{name: getattr(person, name) for name in names}}
