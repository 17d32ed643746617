"""Tables of figures that people named, to open again by an address."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import open_to
from reports.models import SavedView
from reports.saved_views import views_for
from reports.views.asking import ROLES
from reports.views.tables import Choice

AT_MOST = 30  # of one post


class SavedViewForm(forms.Form):
    name = forms.CharField(
        max_length=80,
        error_messages={"required": _lazy("Hãy đặt tên cho bảng."), "max_length": _lazy("Tên dài quá 80 ký tự.")},
    )
    shared = forms.BooleanField(required=False)


@open_to(*ROLES)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the table that the address asks for under a name; a name that is taken is given to the new one."""
    chosen = Choice(request)
    here = f"{reverse('reports-table')}?{chosen.address}"
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect(here)
    own = SavedView.objects.filter(post=request.actor.post)
    name = form.cleaned_data["name"]
    if own.exclude(name=name)[AT_MOST - 1 :].exists():
        messages.error(request, _("Đã lưu %(most)s bảng. Hãy xóa bớt một bảng rồi lưu lại.") % {"most": AT_MOST})
        return redirect(here)
    SavedView.objects.update_or_create(
        post=request.actor.post,
        name=name,
        defaults={"query": chosen.address, "shared": form.cleaned_data["shared"]},
    )
    messages.success(request, _("Đã lưu bảng “%(name)s”.") % {"name": name})
    return redirect(here)


@open_to(*ROLES)
@require_safe
def saved_view(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Lead to the table; whoever opens it sees the figures that are theirs to see."""
    view = get_object_or_404(views_for(request.actor), uid=uid)
    return redirect(f"{reverse('reports-table')}?{view.query}")


@open_to(*ROLES)
@require_POST
def delete_view(request: HttpRequest, uid: UUID) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.filter(post=request.actor.post), uid=uid)
    view.delete()
    messages.success(request, _("Đã xóa bảng “%(name)s” khỏi danh sách đã lưu.") % {"name": view.name})
    return redirect(reverse("reports-table"))
