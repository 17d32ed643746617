"""The desk: whom the counter serves, found by number or card or written down for the first time, and what they need."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import enterprises, lookups, organisations, people
from accounts.identities import claim_on
from accounts.looks import Seen, record_looks
from accounts.models import Enterprise, Person, Registry, RegistryLookup
from accounts.owner_references import desk_address, owner_by_reference, owner_reference
from accounts.permissions import open_to, visible
from accounts.registries.client import is_configured
from accounts.registries.lookups import look_up
from dossiers.forms.intake import (
    EnterpriseForm,
    OrganisationForm,
    PaperPersonForm,
    PersonForm,
    card_differences,
    other_address,
    read_card,
)
from dossiers.models import OPEN_STATES, Dossier, State
from dossiers.views import sheet
from dossiers.views.desk.lists import unanswered_filings
from dossiers.views.desk.owners import kind_of_number, owners_with_number
from dossiers.views.lists import row_of
from dossiers.views.navigation import items as navigation
from journal.idempotency import new_form_key
from procedures import display as wording
from procedures.models import Procedure
from procedures.search import query as catalogue
from vietnam.dates import format_date
from vietnam.documents import VIETNAM
from vietnam.identity import InvalidNumber


@open_to("counter")
def desk(request: HttpRequest) -> HttpResponse:
    """Find the applicant by number or card, then a procedure."""
    if request.method == "POST":
        return lookups.answer_lookup(request, name="who")
    text = lookups.lookup_text(request)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found, problem = _find_owners(request, text)
    owner = found[0] if len(found) == 1 else None
    context: dict[str, Any] = {
        "who": text,
        "words": words,
        "owner": owner,
        "owner_reference": owner_reference(owner) if owner else "",
        "problem": problem,
        "subnav": navigation(request),
        "is_enterprise": isinstance(owner, Enterprise),
        "several": [(each, owner_reference(each)) for each in found] if len(found) > 1 else [],
        "several_bodies": len(found) > 1 and isinstance(found[0], Enterprise),
        "inbox": unanswered_filings(request).count(),
        "key": new_form_key(),
    }
    if isinstance(owner, Person):
        card = read_card(text)
        context |= {
            "differs": card_differences(owner, card),
            "card": card,
            "claim": claim_on(owner.identity.key if owner.identity else ""),
            "contradiction": not owner.may_be_born(owner.birth_date),
            "other_address": other_address(owner, card),
        }
        seen = Seen(owner.pk, f"person:{owner.pk}", gettext_lazy("tìm theo số định danh"))
        record_looks([seen], by=request.actor, at=timezone.now())
    context |= _others_with_the_number(text, found)
    if owner is not None:
        context["dossiers"] = _open_dossiers(request, owner)
        context["editions"] = _offered(request, words)
    elif text and not problem and not found:
        card = read_card(text)
        context["kind"] = kind = kind_of_number(card["number"])
        said, context["register_note"] = _said_by_register(request, kind, card["number"])
        context["form"] = NEW_OWNERS[kind](initial={**said, **_first_guess(kind, card)})
    return render(request, "dossiers/counter/desk.html", context)


NEW_OWNERS: dict[str, type[PersonForm] | type[EnterpriseForm] | type[OrganisationForm]] = {
    "person": PersonForm,
    "paper": PaperPersonForm,
    "enterprise": EnterpriseForm,
    "organisation": OrganisationForm,
}


LOOKED_AT = 200  # dossiers that a desk took in last, whose procedures it is offered first
_REGISTERS = {"person": Registry.POPULATION, "enterprise": Registry.ENTERPRISE}
_FILLED = ("full_name", "birth_date", "name", "address")


def _said_by_register(request: HttpRequest, kind: str, number: str) -> tuple[dict[str, str], str]:
    """What the national register fills into the form of somebody new, and a sentence about that; nothing of it is kept
    before the counter has compared it with the card."""
    registry = _REGISTERS.get(kind)
    if registry is None or not is_configured(registry):
        return {}, ""
    with translation.override(settings.LANGUAGE_CODE):
        purpose = _("Tiếp nhận hồ sơ tại quầy")
    lookup = look_up(registry, number, purpose=purpose, by=request.actor, at=timezone.now())
    if lookup.outcome == RegistryLookup.Outcome.FOUND:
        said = {name: lookup.facts[name] for name in _FILLED if name in lookup.facts}
        if born := said.get("birth_date"):
            said["birth_date"] = format_date(date.fromisoformat(born))
        return said, _("Điền theo %(registry)s. Hãy đối chiếu với giấy tờ rồi lưu.") % {"registry": registry.label}
    if lookup.outcome == RegistryLookup.Outcome.NONE:
        return {}, _("%(registry)s không có số này. Hãy xem lại số trên giấy tờ.") % {"registry": registry.label}
    return {}, _("%(registry)s chưa trả lời. Hãy nhập theo giấy tờ và làm tiếp.") % {"registry": registry.label}


def _first_guess(kind: str, card: dict[str, str]) -> dict[str, str]:
    """What the number of a paper most likely is of, besides what was scanned: nine digits of a card of old, letters and
    digits of a passport."""
    if kind != "paper":
        return card
    if any(each.isalpha() for each in card["number"]):
        return {**card, "document": Person.Document.PASSPORT}
    digits = "".join(each for each in card["number"] if each.isdecimal())
    return {**card, "document": Person.Document.OLD_CARD} if len(digits) == 9 else card


@open_to("counter")
@require_POST
def card_address(request: HttpRequest) -> HttpResponse:
    """The address on the card takes the place of the recorded one, which stays in the history."""
    owner = owner_by_reference(request.POST.get("owner", ""))
    address = request.POST.get("address", "").replace("\x00", "").strip()[:300]
    if not isinstance(owner, Person) or not address:
        return redirect("desk")
    people.correct_person(owner, by=request.actor, reason=_("Theo thẻ căn cước"), at=timezone.now(), address=address)
    messages.success(request, _("Đã ghi địa chỉ theo thẻ; địa chỉ cũ còn trong lịch sử."))
    return redirect(desk_address(owner))


def _find_owners(request: HttpRequest, text: str) -> tuple[list[Person | Enterprise], str]:
    """Whom the address or what was looked for names; or why it names nobody."""
    if reference := request.GET.get("owner", ""):
        owner = owner_by_reference(reference)
        return ([owner], "") if owner else ([], _("Hãy nhập lại số, hoặc quét lại thẻ."))
    if not text:
        return [], ""
    try:
        return owners_with_number(text), ""
    except InvalidNumber:
        return [], _(
            "Số này không đúng. Số định danh có 12 chữ số, mã số thuế có 10 chữ số; hộ chiếu gồm chữ và số, "
            "quyết định viết như 123/QĐ-UBND."
        )


def _open_dossiers(request: HttpRequest, owner: Person | Enterprise) -> list[dict[str, Any]]:
    field = "owner_enterprise" if isinstance(owner, Enterprise) else "owner_person"
    found = visible(
        request.actor, Dossier.objects.filter(**{field: owner}, state__in=(State.FILED, *OPEN_STATES, State.DONE))
    )
    at = timezone.now()
    return [row_of(d, at=at) for d in sheet.prefetched(found).order_by("-id")[:8]]


def _offered(request: HttpRequest, words: str) -> list[dict[str, Any]]:
    """Procedures that match the words, or those this desk took in last."""
    if words:
        receivable = Procedure.objects.filter(kind=Procedure.Kind.RECEIVABLE, current__isnull=False)
        found = list(catalogue.search_procedures(words, receivable).select_related("current__field")[:8])
        editions = [p.current for p in found]
    else:
        recent = Dossier.objects.filter(help_desk=request.actor.post.desk, help_desk__isnull=False).order_by("-id")
        taken = recent.values_list("edition__procedure", flat=True)[:LOOKED_AT]
        order = list(dict.fromkeys(taken))[:8]
        rows = {p.pk: p.current for p in Procedure.objects.filter(pk__in=order).select_related("current__field")}
        editions = [rows[pk] for pk in order if rows.get(pk)]
    return [{"edition": e, "title": wording.value_text(e.title, e.title_en)} for e in editions]


@open_to("counter", refills=True)
def new_owner(request: HttpRequest, kind: str) -> HttpResponse:
    """Somebody here for the first time."""
    if kind not in NEW_OWNERS:
        raise Http404
    form = NEW_OWNERS[kind](request.POST or None, initial=request.kept.dict())
    if request.method == "POST" and form.is_valid():
        try:
            owner = form.person() if isinstance(form, PersonForm) else _body_stated(request, form)
        except organisations.BodyInDoubt as doubt:
            return _which_body(request, form, doubt)
        except people.PersonDiffers as unlike:
            return _not_the_same(request, form, unlike.person)
        except enterprises.EnterpriseDiffers as unlike:
            return _another_name(request, unlike)
        return redirect(desk_address(owner))
    context = {"form": form, "kind": kind, "subnav": navigation(request), "who": ""}
    return render(request, "dossiers/counter/desk.html", context, status=422 if form.errors else 200)


def _body_stated(request: HttpRequest, form: EnterpriseForm | OrganisationForm) -> Enterprise:
    """The body of the form; of those that a counter was shown, the one that was chosen."""
    same = request.POST.get("same", "")
    chosen = owner_by_reference(same)
    if isinstance(form, OrganisationForm) and isinstance(chosen, Enterprise):
        name, decision = form.cleaned_data["name"], form.decision()
        if (chosen.decision_number, chosen.decision_country) == (decision.number, decision.country):
            return organisations.choose_organisation(chosen, decision, name=name, by=request.actor)
    return form.enterprise(request.actor, another=same == "another")


def _which_body(request: HttpRequest, form: Any, doubt: organisations.BodyInDoubt) -> HttpResponse:
    """A body on record may be the one in the form: the counter, with the decision in hand, says which."""
    context = {
        "form": form,
        "kind": "organisation",
        "doubtful": [(each, owner_reference(each)) for each in doubt.known],
        "may_be_another": doubt.decision.is_whole,
        "subnav": navigation(request),
        "who": doubt.decision.number,
    }
    return render(request, "dossiers/counter/desk.html", context, status=409)


def _others_with_the_number(text: str, found: list[Person | Enterprise]) -> dict[str, Any]:
    """The form for another body than those found: a decision's number alone names none."""
    if not (text and found and isinstance(found[0], Enterprise) and not found[0].tax_number):
        return {}
    return {"another_form": OrganisationForm(initial={"number": found[0].decision_number, "country": VIETNAM})}


def _not_the_same(request: HttpRequest, form: Any, known: Person) -> HttpResponse:
    """The number is on record for somebody called otherwise, or born on another day: nothing is taken in until a
    counter with the card in hand has put the record right."""
    card = {name: request.POST.get(name, "") for name in ("number", "full_name", "birth_date")}
    context = {
        "owner": known,
        "card": card,
        "differs": card_differences(known, card),
        "subnav": navigation(request),
        "who": known.stated_number,
    }
    return render(request, "dossiers/counter/desk.html", context, status=409)


def _another_name(request: HttpRequest, unlike: enterprises.EnterpriseDiffers) -> HttpResponse:
    """The same for a body whose number is on record under another name."""
    known = unlike.enterprise
    context = {
        "owner": known,
        "is_enterprise": True,
        "owner_reference": owner_reference(known),
        "differs": [people.Difference("full_name", known.name, unlike.name)],
        "subnav": navigation(request),
        "who": known.number,
    }
    return render(request, "dossiers/counter/desk.html", context, status=409)
