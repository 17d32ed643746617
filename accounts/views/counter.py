"""Accounts of citizens, at a counter: opened or given a new password when the identity card is seen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import CounterAccountForm
from accounts.models import StaffPost
from accounts.permissions import open_to
from accounts.registration import RegistrationRefused, account_at_counter


@open_to(StaffPost.Role.COUNTER, refills=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    form = CounterAccountForm(request.POST or request.kept or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened, password = account_at_counter(form.cleaned_data["number"], by=request.actor)
        except RegistrationRefused as refused:
            form.add_error(refused.field, str(refused.sentence))
        else:
            # Shown in the answer itself, so that it is stored nowhere.
            return render(request, "accounts/counter/password.html", {"account": opened, "password": password})
    return render(request, "accounts/counter/account.html", {"form": form})
