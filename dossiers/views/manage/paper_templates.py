"""Management of the papers' wordings: the catalogue controller writes a draft, an administrator puts it in force."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from dossiers import letters
from dossiers.forms import wording as forms
from dossiers.letters.letter import Form
from dossiers.views.office.papers import inline
from papers import templates, wording
from papers.models import PaperTemplate
from papers.templates import Person, TemplateRefused
from papers.wording import Wording

CONTROLLER, ADMINISTRATOR = StaffPost.Role.CONTROLLER, StaffPost.Role.ADMINISTRATOR
State = PaperTemplate.State
_HISTORY = 50


@open_to(CONTROLLER, ADMINISTRATOR)
@require_safe
def forms_list(request: HttpRequest) -> HttpResponse:
    """Every form with the version in force and the draft that waits."""
    stored: dict[tuple[str, str], PaperTemplate] = {
        (row.form, row.state): row
        for row in PaperTemplate.objects.filter(form__in=letters.FORMS, state__in=(State.IN_FORCE, State.DRAFT))
    }
    rows = []
    for key, form in letters.FORMS.items():
        in_force = stored.get((key, State.IN_FORCE))
        rows.append(
            {
                "form": form,
                "title": in_force.wording["title"] if in_force else form.wording.title,
                "sign": in_force.wording["sign"] if in_force else form.wording.sign,
                "in_force": in_force,
                "draft": stored.get((key, State.DRAFT)),
            }
        )
    return render(request, "dossiers/papers/forms.html", {"rows": rows})


@open_to(CONTROLLER, ADMINISTRATOR)
@require_safe
def form_page(request: HttpRequest, key: str) -> HttpResponse:
    form = _form(key)
    return _form_page(request, form)


def _form_page(request: HttpRequest, form: Form, *, problem: str = "", reason: str = "") -> HttpResponse:
    number, worded = templates.worded(form.key, form.wording)
    waiting = templates.draft_of(form.key)
    context: dict[str, Any] = {
        "form_": form,
        "version": number,
        "worded": worded,
        "history": PaperTemplate.objects.filter(form=form.key).exclude(state=State.DRAFT)[:_HISTORY],
        "draft": waiting,
        "may_edit": request.actor.role == CONTROLLER,
        "may_put_in_force": request.actor.role == ADMINISTRATOR,
        "own": waiting is not None and waiting.maker == _person(request).key,
        "problem": problem,
        "reason": reason,
    }
    if waiting is not None:
        drafted = Wording.read(waiting.wording)
        context["changes"] = wording.differences(worded, drafted, form.vocabulary)
        context["problems"] = wording.wording_problems(drafted, form.vocabulary)
    return render(request, "dossiers/papers/form.html", context, status=409 if problem else 200)


@open_to(CONTROLLER, ADMINISTRATOR)
@require_safe
def version(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """One version line by line, and what it changed against the one before."""
    form = _form(key)
    worded = _version(form, version)
    earlier = PaperTemplate.objects.filter(form=form.key, version__lt=version).order_by("-version").first()
    was = Wording.read(earlier.wording) if earlier else form.wording
    context = {
        "form_": form,
        "version": version,
        "before": earlier.version if earlier else 0,
        "stored": PaperTemplate.objects.filter(form=form.key, version=version).first(),
        "worded": worded,
        "lines": [wording.sentence_of(block, form.vocabulary) for block in worded.blocks],
        "changes": wording.differences(was, worded, form.vocabulary) if version else [],
        "may_begin": request.actor.role == CONTROLLER and templates.draft_of(form.key) is None,
    }
    return render(request, "dossiers/papers/version.html", context)


@open_to(CONTROLLER, ADMINISTRATOR)
@require_safe
def trial(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """A pretended case in the words of a version or of the draft."""
    form = _form(key)
    worded = _version(form, version)
    pdf = letters.trial_letter(form, worded, agency=request.actor.post.agency, at=timezone.now())
    return inline(pdf, f"xem-thu-{form.key}-{version}.pdf")


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft from a version; the one that waits already is gone on with."""
    form = _form(key)
    if request.method != "POST":
        return redirect("manage-paper", key)
    number = request.POST.get("from", "")
    origin = _version(form, int(number) if number.isdecimal() and len(number) < 6 else 0)
    templates.begin_template(form.key, origin, by=_person(request), at=timezone.now())
    return redirect("manage-paper-draft", key)


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Edit the draft. It is kept with its mistakes, which are named; only without them can it come into force."""
    form = _form(key)
    waiting = templates.draft_of(form.key)
    if waiting is None:
        messages.info(request, _("Mẫu này chưa có bản soạn. Hãy bắt đầu từ bản đang dùng."))
        return redirect("manage-paper", key)
    if request.method == "POST" and "abandon" in request.POST:
        return _abandon(request, form)
    vocabulary = form.vocabulary
    kept = Wording.read(waiting.wording)
    if request.method == "POST":
        head = forms.HeadForm(request.POST)
        rows = forms.BlockFormSet(request.POST, prefix="b", form_kwargs={"vocabulary": vocabulary})
        status = 422
        if head.is_valid() and rows.is_valid():
            new = forms.wording_of(head, rows, vocabulary)
            try:
                templates.keep_template(
                    form.key, new, revision=head.cleaned_data["revision"], by=_person(request), at=timezone.now()
                )
            except TemplateRefused as refusal:
                head.add_error(None, refusal.sentence)
                status = 409
            else:
                messages.success(request, _("Đã lưu bản soạn."))
                return redirect("manage-paper-draft", key)
        problems: list[str] = (
            [_("Có dòng chưa hợp lệ. Hãy xem lại các dòng có ghi lỗi.")] if not rows.is_valid() else []
        )
    else:
        head = forms.HeadForm(initial={**waiting.wording, "revision": waiting.revision})
        rows = forms.BlockFormSet(
            prefix="b", initial=forms.initial_of(kept, vocabulary), form_kwargs={"vocabulary": vocabulary}
        )
        status, problems = 200, _sentences(kept, form)
    context = {
        "form_": form,
        "draft": waiting,
        "head": head,
        "rows": rows,
        "problems": problems,
        "fields": [{"name": name, **vars(each)} for name, each in vocabulary.fields.items()],
    }
    return render(request, "dossiers/papers/draft.html", context, status=status)


def _sentences(worded: Wording, form: Form) -> list[str]:
    """Each problem with the row it is about, as the form numbers rows."""
    return [
        each.sentence
        if each.block is None
        else _("Dòng %(row)s: %(sentence)s") % {"row": (each.block + 1) * 10, "sentence": each.sentence}
        for each in wording.wording_problems(worded, form.vocabulary)
    ]


def _abandon(request: HttpRequest, form: Form) -> HttpResponse:
    try:
        templates.abandon_template(form.key, by=_person(request))
    except TemplateRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Đã bỏ bản soạn. Bản đang dùng không đổi."))
    return redirect("manage-paper", form.key)


@open_to(ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def put_in_force(request: HttpRequest, key: str) -> HttpResponse:
    form = _form(key)
    if request.method != "POST":
        return redirect("manage-paper", key)
    revision, reason = request.POST.get("revision", ""), request.POST.get("reason", "").replace("\x00", "")
    try:
        made = templates.put_in_force(
            form.key,
            form.vocabulary,
            revision=int(revision) if revision.isdecimal() and len(revision) < 9 else -1,
            reason=reason,
            by=_person(request),
            at=timezone.now(),
        )
    except TemplateRefused as refusal:
        return _form_page(request, form, problem=refusal.sentence, reason=reason)
    messages.success(
        request, _("Bản số %(version)s có hiệu lực từ bây giờ cho mọi cơ quan.") % {"version": made.version}
    )
    return redirect("manage-paper", key)


def _form(key: str) -> Form:
    if key not in letters.FORMS:
        raise Http404
    return letters.FORMS[key]


def _version(form: Form, version: int) -> Wording:
    found = templates.of_version(form.key, version, form.wording) if version < 2**31 else None
    if found is None:
        raise Http404
    return found


def _person(request: HttpRequest) -> Person:
    return Person(f"account:{request.actor.account.pk}", request.actor.label)
