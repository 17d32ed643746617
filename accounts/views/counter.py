"""People and their accounts, at a counter with the identity card in hand: put right, proven, given a password."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.authorisations import authorisations_given
from accounts.counter_forms import CardForm, ConfirmedContactForm, CounterAccountForm, PaperCardForm
from accounts.identities import ProofRefused, claim_on
from accounts.looks import Seen, record_looks
from accounts.models import Look, Person, StaffPost
from accounts.owner_references import desk_address
from accounts.people import (
    columns_of,
    confirm_contact,
    correct_person,
)
from accounts.permissions import open_to, visible
from accounts.registration import RegistrationRefused, account_at_counter, decide_claim, personal_document
from core.refusals import Refused

_COUNTER = StaffPost.Role.COUNTER
_METHODS = ["GET", "HEAD", "POST"]


@open_to(_COUNTER, refills=True)
@never_cache
@require_http_methods(_METHODS)
def account(request: HttpRequest) -> HttpResponse:
    form = CounterAccountForm(request.POST or request.kept or None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["number"]
        try:
            opened, password = account_at_counter(person, by=request.actor, at=timezone.now())
        except RegistrationRefused as refused:
            form.add_error(refused.field, str(refused.sentence))
            return render(request, "accounts/counter/account.html", {"form": form, "claimed": person})
        except ProofRefused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            # Shown in the answer itself, so that it is stored nowhere.
            return render(request, "accounts/counter/password.html", {"account": opened, "password": password})
    return render(request, "accounts/counter/account.html", {"form": form})


@open_to(_COUNTER)
@never_cache
@require_http_methods(_METHODS)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's record: put right by the card, contacts confirmed, an unproven account on the number decided."""
    record = get_object_or_404(visible(request.actor, Person.objects.select_related("account", "merged_into")), pk=pk)
    if record.merged_into_id:
        messages.info(request, _("Hồ sơ người này đã gộp vào hồ sơ dưới đây."))
        return redirect("counter-person", pk=record.merged_into_id)
    seen = Seen(record.pk, f"person:{record.pk}", gettext_lazy("hồ sơ cá nhân"))
    record_looks([seen], by=request.actor, purpose=Look.Purpose.IDENTITY, at=timezone.now())
    action = request.POST.get("action", "")
    done = {"correct": _correct, "contact": _confirm, "claim": _decide}.get(action)
    forms: dict[str, Any] = {}
    if request.method == "POST" and done is not None:
        answer, forms = done(request, record)
        if answer is not None:
            return answer
    by_paper = not record.personal_number and request.GET.get("with") != "number"
    recorded = {name: getattr(record, name) for name in ("personal_number", "full_name", "birth_date")}
    if by_paper:
        paper = {"document": record.document_kind, "number": record.document_number, "country": record.document_country}
        recorded = {name: value for name, value in paper.items() if value} | recorded
    proposed = {name: text for name in recorded if (text := request.POST.get(name, "")) and action == "propose"}
    context = {
        "person": record,
        "desk_address": desk_address(record),
        "former": record.former_numbers.all()[:10],
        "claim": claim_on(record.identity.key if record.identity else ""),
        "card_form": (PaperCardForm if by_paper else CardForm)(initial={**recorded, **proposed}),
        "by_paper": by_paper,
        "contact_form": ConfirmedContactForm(initial={"phone": record.phone, "email": record.email}),
        "identities": record.account.identities.filter(ended_at=None) if record.account else [],
        "authorisations": authorisations_given(record)[:50],
        "open_card": action in ("propose", "correct"),
        **forms,
    }
    invalid = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "accounts/counter/person.html", context, status=422 if invalid else 200)


_Step = tuple[HttpResponse | None, dict[str, Any]]


def _correct(request: HttpRequest, record: Person) -> _Step:
    form = (PaperCardForm if "document" in request.POST else CardForm)(request.POST)
    if not form.is_valid():
        return None, {"card_form": form}
    given = form.cleaned_data
    paper = form.identity() if isinstance(form, PaperCardForm) else personal_document(given["personal_number"])
    facts: dict[str, Any] = {**columns_of(paper), "full_name": given["full_name"], "birth_date": given["birth_date"]}
    if facts["birth_date"] is None:
        del facts["birth_date"]
    try:
        kept = correct_person(record, by=request.actor, reason=form.cleaned_data["reason"], at=timezone.now(), **facts)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
        return None, {"card_form": form}
    messages.success(request, _("Đã sửa hồ sơ người này theo căn cước; nội dung cũ còn trong lịch sử."))
    return redirect("counter-person", pk=kept.pk), {}


def _confirm(request: HttpRequest, record: Person) -> _Step:
    form = ConfirmedContactForm(request.POST)
    if not form.is_valid():
        return None, {"contact_form": form}
    confirm_contact(
        record,
        phone=form.cleaned_data["phone"],
        email=form.cleaned_data["email"],
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("Đã ghi nhận liên hệ do người này xác nhận."))
    return redirect("counter-person", pk=record.pk), {}


def _decide(request: HttpRequest, record: Person) -> _Step:
    claim = claim_on(record.identity.key if record.identity else "")
    theirs = request.POST.get("theirs")
    if claim is None or str(claim.pk) != request.POST.get("claim") or theirs not in ("yes", "no"):
        messages.error(request, _("Tài khoản tự mở này vừa được người khác quyết định. Hãy xem lại."))
        return redirect("counter-person", pk=record.pk), {}
    if not request.POST.get("seen"):
        messages.error(request, _("Hãy xem căn cước và đánh dấu trước khi quyết định."))
        return redirect("counter-person", pk=record.pk), {}
    try:
        decide_claim(record, claim, theirs=theirs == "yes", by=request.actor, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        done = (
            _("Tài khoản đã xác thực; từ nay thấy mọi hồ sơ của người này.")
            if theirs == "yes"
            else _("Tài khoản đó không còn giữ số định danh này.")
        )
        messages.success(request, done)
    return redirect("counter-person", pk=record.pk), {}
