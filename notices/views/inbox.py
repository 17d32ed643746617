"""The notices of whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.permissions import SIGNED_IN, open_to
from core.typed_keys import typed_key
from notices import inbox as rules
from notices.models import Notice

PAGE = 20


@open_to(SIGNED_IN)
def inbox(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    found = rules.inbox_of(request.actor.account)
    if last_seen := typed_key(before):
        found = found.filter(pk__lt=last_seen)
    notices = list(found[: PAGE + 1])
    more = len(notices) > PAGE
    context = {
        "notices": [(notice, told_here(notice)) for notice in notices[:PAGE]],
        "next_before": notices[PAGE - 1].pk if more else None,
        "unread": rules.unread_count(request.actor.account),
        "frame": "base/staff.html" if request.actor.is_staff else "base/citizen.html",
    }
    return render(request, "notices/inbox.html", context)


def told_here(notice: Notice) -> str:
    """The body without the line that names its page: here the subject leads to it."""
    lines = notice.body.split("\n")
    own = [line for line in lines if not (notice.link and line.rstrip().endswith(notice.link))]
    return "\n".join(own).strip()


@require_POST
@open_to(SIGNED_IN)
def mark_read(request: HttpRequest) -> HttpResponse:
    rules.mark_read(request.actor.account)
    return redirect("notices")
