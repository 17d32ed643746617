"""Taking an authorisation back: by who gave it, or at a counter in their presence."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.authorisations import require_grantor, revoke_authorisation
from accounts.forms import RevokeForm
from accounts.models import Authorisation
from accounts.permissions import SIGNED_IN, open_to, visible
from core.refusals import Refused


@open_to(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    given = visible(request.actor, Authorisation.objects.select_related("grantee__account", "grantor_person__account"))
    row = get_object_or_404(given, pk=pk)
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        try:
            require_grantor(row, request.actor)
            revoke_authorisation(row, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Đã thu hồi ủy quyền."))
            if request.actor.is_staff and row.grantor_person_id:
                return redirect("counter-person", pk=row.grantor_person_id)
            return redirect("profile")
    return render(request, "accounts/revoke.html", {"form": form, "authorisation": row})
