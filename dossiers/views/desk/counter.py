"""The desk: find the applicant, take in, answer online filings, return results."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import lookups, people
from accounts.identities import claim_on
from accounts.looks import Seen, record_looks
from accounts.models import Enterprise, Person
from accounts.permissions import open_to, visible
from agencies.calendars import calendar_of
from digitization import scans, uploads
from dossiers.fees import amounts, display
from dossiers.filing import declaration, drafts, intake, paper_files
from dossiers.forms import fee_facts
from dossiers.forms.filing import communes
from dossiers.forms.intake import (
    EnterpriseForm,
    IntakeForm,
    OrganisationForm,
    PaperPersonForm,
    PersonForm,
    card_differences,
    case_given,
    other_address,
    read_card,
)
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import ENDED_STATES, OPEN_STATES, Dossier, State
from dossiers.search import dossier_by_code
from dossiers.views import sheet
from dossiers.views.citizen.filing import limit_sentence
from dossiers.views.desk import intake_scans
from dossiers.views.desk.owners import kind_of_number, owner_by_reference, owner_reference, owners_with_number
from dossiers.views.lists import row_of, search_page, waiting_for_return
from dossiers.views.navigation import items as navigation
from dossiers.views.office import bulk
from dossiers.views.paging import page_of
from papers.models import Paper
from payments import charges
from procedures import display as wording
from procedures.models import Edition, Procedure
from procedures.search import query as catalogue
from vietnam import working_time
from vietnam.identity import InvalidNumber

COUNTER = "counter"


@open_to(COUNTER)
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
        "inbox": _inbox(request).count(),
        "key": drafts.new_key(),
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
        seen = Seen(owner.pk, f"person:{owner.pk}", _("tìm theo số định danh"))
        record_looks([seen], by=request.actor, at=timezone.now())
    if owner is not None:
        context["dossiers"] = _open_dossiers(request, owner)
        context["editions"] = _offered(request, words)
    elif text and not problem and not found:
        card = read_card(text)
        context["kind"] = kind = kind_of_number(card["number"])
        context["form"] = NEW_OWNERS[kind](initial=_first_guess(kind, card))
    return render(request, "dossiers/counter/desk.html", context)


NEW_OWNERS: dict[str, type[PersonForm] | type[EnterpriseForm] | type[OrganisationForm]] = {
    "person": PersonForm,
    "paper": PaperPersonForm,
    "enterprise": EnterpriseForm,
    "organisation": OrganisationForm,
}


def _first_guess(kind: str, card: dict[str, str]) -> dict[str, str]:
    """What a number of nine digits most likely is, besides what was scanned."""
    digits = "".join(each for each in card["number"] if each.isdecimal())
    old_card = kind == "paper" and len(digits) == 9 and not any(each.isalpha() for each in card["number"])
    return {**card, "document": Person.Document.OLD_CARD} if old_card else card


@open_to(COUNTER)
@require_POST
def card_address(request: HttpRequest) -> HttpResponse:
    """The address on the card takes the place of the recorded one, which stays in the history."""
    owner = owner_by_reference(request.POST.get("owner", ""))
    address = request.POST.get("address", "").replace("\x00", "").strip()[:300]
    if not isinstance(owner, Person) or not address:
        return redirect("desk")
    people.correct_person(owner, by=request.actor, reason=_("Theo thẻ căn cước"), at=timezone.now(), address=address)
    messages.success(request, _("Đã ghi địa chỉ theo thẻ; địa chỉ cũ còn trong lịch sử."))
    return redirect(f"{reverse('desk')}?{urlencode({'owner': owner_reference(owner)})}")


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
        recent = (
            Dossier.objects.filter(help_desk=request.actor.post.desk)
            .values("edition__procedure")
            .annotate(last=Max("id"))
            .order_by("-last")
            .values_list("edition__procedure", flat=True)[:8]
        )
        order = list(recent)
        rows = {p.pk: p.current for p in Procedure.objects.filter(pk__in=order).select_related("current__field")}
        editions = [rows[pk] for pk in order if rows.get(pk)]
    return [{"edition": e, "title": wording.value_text(e.title, e.title_en)} for e in editions]


@open_to(COUNTER, refills=True)
def new_owner(request: HttpRequest, kind: str) -> HttpResponse:
    """Somebody here for the first time."""
    if kind not in NEW_OWNERS:
        raise Http404
    form = NEW_OWNERS[kind](request.POST or None, initial=request.kept.dict())
    if request.method == "POST" and form.is_valid():
        try:
            owner = form.person() if isinstance(form, PersonForm) else form.enterprise()
        except people.PersonDiffers as unlike:
            return _not_the_same(request, form, unlike.person)
        return redirect(f"{reverse('desk')}?{urlencode({'owner': owner_reference(owner)})}")
    context = {"form": form, "kind": kind, "subnav": navigation(request), "who": ""}
    return render(request, "dossiers/counter/desk.html", context, status=422 if form.errors else 200)


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


@open_to(COUNTER, refills=True)
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """The intake form of a procedure for an owner; three ways to end it, each with its paper."""
    edition = get_object_or_404(
        Edition.objects.select_related("procedure", "field").prefetch_related("documents", "terms", "fee_lines"),
        procedure__code=code,
        status=Edition.Status.PUBLISHED,
        procedure__kind=Procedure.Kind.RECEIVABLE,
    )
    owner = owner_by_reference(request.GET.get("owner", ""))
    if owner is None:
        messages.error(request, _("Hãy chọn người đứng tên hồ sơ trước."))
        return redirect("desk")
    key, reference = request.GET.get("key", "")[:40], owner_reference(owner)
    if not key:  # in the address, so that the page keeps it when one comes back to it
        return redirect(f"{request.path}?{urlencode({'owner': reference, 'key': drafts.new_key()})}")
    # A part of the page that is drawn anew while one fills it in; what is typed comes along, so never by an address.
    part = request.POST.get("part", "") if request.htmx else ""
    if request.method == "POST" and not part and (before := intake.taken_in(request.actor, key)):
        return redirect("desk-done", before.code)
    place = _own_commune(request) or getattr(owner.territory, "code", "")
    waiting = intake_scans.waiting(request, edition, key)
    known = {"phone": owner.phone, "return_address": owner.address, "territory": place}
    sent = request.method == "POST" and not part
    written = request.POST if part else request.kept  # what was typed before the session ended stands there again
    form = IntakeForm(
        edition,
        owner,
        request.POST if sent else None,
        request.FILES if sent else None,
        waiting=waiting,
        initial={**known, **request.kept.dict(), **fee_facts.written(written.dict())},
    )
    status = 200
    if sent:
        if form.is_valid():
            try:
                dossier = _take_in(request, edition, owner, form)
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
            else:
                return redirect("desk-done", dossier.code)
        status = 422
    context = {
        "edition": edition,
        "title": wording.value_text(edition.title, edition.title_en),
        "owner": owner,
        "owner_reference": reference,
        "form": form,
        "cases": bool(edition.facts.get("cases")),
        "lines": [
            {**line, "slot": intake_scans.slot(request, code, line["paper"], key, waiting.get(line["paper"].pk, []))}
            for line in form.lines()
        ],
        "key": key,
        "subnav": navigation(request),
        **_reckoning(edition, request.POST or request.kept, place),
    }
    # Another case asks for other papers and other facts.
    page = {"case": "by_case", "reckoning": "reckoning"}.get(part, "intake")
    return render(request, f"dossiers/counter/{page}.html", context, status=status)


def _own_commune(request: HttpRequest) -> str:
    territory = request.actor.post.agency.territory
    return territory.code if territory.kind != "province" else ""


def _reckoning(edition: Edition, given: Any, place: str) -> dict[str, Any]:
    """Limit, due date and fee of what is on the form, as if received now."""
    at, case = timezone.now(), case_given(edition, given.get("case", ""))
    thought = Dossier(edition=edition, channel="counter", case=case)
    said, wrong = fee_facts.reckoned(amounts.needed_inputs(thought, at=at), given.dict())
    thought.fee_facts = amounts.stored_inputs(said, exemptions=amounts.CONFIRMED)
    drafts.settle_draft(thought, communes().filter(code=given.get("territory", place)[:10] or "-").first())
    fee = amounts.computed_fee(thought, at=at)
    return {
        "limit": limit_sentence(thought),
        "expected": sheet.expected(thought, at=at),
        "settler": thought.settling_agency,
        "fee": fee,
        "fee_sentences": display.fee_inputs_text(fee),
        "fee_wrong": wrong,
    }


def _take_in(request: HttpRequest, edition: Edition, owner: Person | Enterprise, form: IntakeForm) -> Dossier:
    """Take in, then receive, ask for completion or refuse, in one transaction: all of it or nothing."""
    given, at = form.cleaned_data, timezone.now()
    act = request.POST.get("act", "receive")
    with transaction.atomic():
        dossier = intake.take_in(
            edition,
            by=request.actor,
            filer=form.filer(),
            owner=owner,
            ticked=form.ticked(),
            territory=given.get("territory"),
            key=request.GET["key"][:40],
            at=at,
            case=given.get("case", ""),
            content=given["content"] or edition.title[:500],
            ground=given["ground"],
            ground_note=given["ground_note"],
            return_method=given["return_method"],
            return_address=given["return_address"] if given["return_method"] == "post" else "",
            phone=given["phone"],
            fee_facts=form.fee_facts,
        )
        if dossier.state != State.DRAFT:
            return dossier  # a double click: the first one took it in
        _file_scans(request, dossier, form)
        if act == "ask_completion":
            execute_transition(dossier, act, request.actor, at=at, items=given["items"], reason=given["reason"])
        elif act == "refuse":
            execute_transition(dossier, act, request.actor, at=at, reason=given["reason"])
        else:
            extra = {name: given[name] for name in ("limit_days", "fee_ground", "lacking_ground") if given.get(name)}
            extra |= {"fee": given["fee"]} if given.get("fee") is not None else {}
            execute_transition(dossier, "receive", request.actor, at=at, **extra)
    return dossier


def _file_scans(request: HttpRequest, dossier: Dossier, form: IntakeForm) -> None:
    for line in dossier.documents.select_related("required_document"):
        sent = line.required_document and form.cleaned_data.get(f"file_{line.required_document.key}")
        if sent:
            stored = [uploads.store_file(file, file.name, dossier.reference, request.actor) for file in sent]
            paper_files.set_files(line, [*line.files, *stored])
            for file in stored:
                scans.queue_scan(file)


@open_to(COUNTER)
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Taken in: the paper to print, what was counted, and the next person."""
    dossier = get_object_or_404(sheet.prefetched(visible(request.actor, Dossier.objects.sent())), code=code)
    paper = Paper.objects.filter(owner=dossier.reference).order_by("-id").first()
    context = {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "paper": paper,
        "fee_open": charges.open_charges(dossier.reference).first() if _fee_open(dossier) else None,
        "form_open": declaration.may_fill_at_counter(dossier, request.actor)
        and declaration.form_in_force(dossier) is not None,
        "explanation": sheet.explanation(dossier),
        "subnav": navigation(request),
    }
    return render(request, "dossiers/counter/done.html", context)


def _fee_open(dossier: Dossier) -> bool:
    return bool(dossier.fee_amount and dossier.fee_settled_at is None and dossier.state not in ENDED_STATES)


def _inbox(request: HttpRequest) -> Any:
    return Dossier.objects.filter(receiving_agency=request.actor.post.agency_id, state=State.FILED, channel="online")


@open_to(COUNTER)
def inbox(request: HttpRequest) -> HttpResponse:
    """Online filings waiting for an answer, the oldest legal limit first."""
    page = page_of(request, _inbox(request), key="answer_due_at")
    found = {d.pk: d for d in sheet.prefetched(Dossier.objects.filter(pk__in=[d.pk for d in page.rows]))}
    at = timezone.now()
    context = {
        "rows": [_inbox_row(found[d.pk], at) for d in page.rows],
        "page": page,
        "subnav": navigation(request),
    }
    return render(request, "dossiers/counter/inbox.html", context)


def _inbox_row(dossier: Dossier, at: Any) -> dict[str, Any]:
    left = None
    if dossier.answer_due_at:
        left = working_time.minutes_between(calendar_of(dossier.settler), at, dossier.answer_due_at)
    standing = "overdue" if left is not None and left < 0 else "due_soon"
    return {"dossier": dossier, "title": sheet.title_of(dossier), "left": left, "standing": standing}


@open_to(COUNTER)
def returns(request: HttpRequest) -> HttpResponse:
    """Results waiting to be collected; scan a slip to find one."""
    code = " ".join(request.GET.get("code", "").replace("\x00", "").split())
    waiting = waiting_for_return(request)
    if code:
        dossier = dossier_by_code(visible(request.actor, Dossier.objects.sent()), code)
        if dossier is not None and _fee_open(dossier):
            messages.warning(request, _("Hồ sơ còn khoản phí, lệ phí chưa nộp. Hãy thu trước khi trả kết quả."))
            return redirect("dossier", dossier.code)
        if dossier is not None and dossier.state == State.DONE:
            return redirect("dossier-act", dossier.code, "return_result")
        if dossier is not None:
            return redirect("dossier", dossier.code)
        messages.error(request, _("Không tìm thấy hồ sơ mang mã này ở quầy của bạn."))
    page = page_of(request, waiting, key="finished_at")
    found = {d.pk: d for d in sheet.prefetched(Dossier.objects.filter(pk__in=[d.pk for d in page.rows]))}
    at = timezone.now()
    rows = [_waiting_result(found[d.pk], at) for d in page.rows]
    context = {
        "rows": rows,
        "bulk": bulk.bar(request.actor, rows, "returns", more=bool(page.next_url or page.previous_url)),
        "page": page,
        "code": code[:60],
        "subnav": navigation(request),
    }
    return render(request, "dossiers/counter/returns.html", context)


def _waiting_result(dossier: Dossier, at: Any) -> dict[str, Any]:
    """Red only where the result itself came late: it is here now, and nobody is late any more."""
    row = row_of(dossier, at=at)
    late = bool(row["standing"] and row["standing"]["standing"] == "overdue")
    return {**row, "late": late, "fee_open": _fee_open(dossier)}


@open_to(COUNTER)
def search(request: HttpRequest) -> HttpResponse:
    return search_page(request, reverse("desk-search"))
