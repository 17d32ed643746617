"""Taking a dossier in at the desk: the form, what it would cost and take, and the paper at the end."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Enterprise, Person
from accounts.owner_references import owner_by_reference, owner_reference
from accounts.permissions import open_to, visible
from digitization import scans, uploads
from dossiers.fees import amounts, display
from dossiers.filing import declaration, intake, paper_files, reuse
from dossiers.filing.agencies import assign_agencies
from dossiers.filing.eligibility import why_not_here
from dossiers.forms import fee_facts
from dossiers.forms.filing import communes
from dossiers.forms.intake import (
    IntakeForm,
    case_given,
)
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, State
from dossiers.views import sheet
from dossiers.views.citizen.filing import limit_sentence
from dossiers.views.desk import intake_scans
from dossiers.views.desk.lists import fee_is_open
from dossiers.views.navigation import items as navigation
from journal.idempotency import new_form_key
from papers.models import Paper
from payments import charges
from procedures import display as wording
from procedures.models import Channel, Edition, Procedure


@open_to("counter", refills=True)
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
        return redirect(f"{request.path}?{urlencode({'owner': reference, 'key': new_form_key()})}")
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
        initial={**known, **request.kept.dict(), **fee_facts.written_values(written.dict())},
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
    lines, on_record = list(form.lines()), reuse.known_documents(owner)
    offered = {
        line["paper"].pk: reuse.offered_documents(on_record, line["paper"], waiting.get(line["paper"].pk, []))
        for line in lines
    }
    shown = {each.pk: each for several in offered.values() for each in several}
    reuse.record_looks_at(list(shown.values()), owner, by=request.actor, at=timezone.now())
    context = {
        "edition": edition,
        "title": wording.value_text(edition.title, edition.title_en),
        "owner": owner,
        "owner_reference": reference,
        "form": form,
        "cases": bool(edition.facts.get("cases")),
        "lines": [
            {
                **line,
                "slot": intake_scans.slot(
                    request,
                    code,
                    line["paper"],
                    key,
                    waiting.get(line["paper"].pk, []),
                    offered[line["paper"].pk],
                    reference,
                ),
            }
            for line in lines
        ],
        "key": key,
        "why_not_here": why_not_here(edition, Channel.COUNTER, owner),
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
    said, wrong = fee_facts.reckoned_inputs(amounts.needed_inputs(thought, at=at), given.dict())
    thought.fee_facts = amounts.stored_inputs(said, exemptions=amounts.CONFIRMED)
    assign_agencies(thought, communes().filter(code=given.get("territory", place)[:10] or "-").first())
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


@open_to("counter")
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Taken in: the paper to print, what was counted, and the next person."""
    dossier = get_object_or_404(sheet.prefetched(visible(request.actor, Dossier.objects.sent())), code=code)
    paper = Paper.objects.filter(owner=dossier.reference).order_by("-id").first()
    context = {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "paper": paper,
        "fee_open": charges.open_charges(dossier.reference).first() if fee_is_open(dossier) else None,
        "form_open": declaration.may_fill_at_counter(dossier, request.actor)
        and declaration.form_in_force(dossier) is not None,
        "explanation": sheet.explanation(dossier),
        "subnav": navigation(request),
    }
    return render(request, "dossiers/counter/done.html", context)
