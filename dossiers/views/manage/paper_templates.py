"""Management of the papers' wordings: the catalogue controller writes a draft, an administrator puts it in force."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.refusals import Refused
from core.version_pages import Rights, press_posted_button, say_draft_was_refused, version_context
from core.versions import UNDECIDED, Status, VersionRefused
from dossiers import letters
from dossiers.forms import wording as forms
from dossiers.letters.letter import Form
from dossiers.views.office.papers import inline
from papers import templates, wording
from papers.models import PaperTemplate
from papers.templates import TemplateWorkflow
from papers.wording import Wording

CONTROLLER, ADMINISTRATOR = StaffPost.Role.CONTROLLER, StaffPost.Role.ADMINISTRATOR
_HISTORY = 50


@open_to(CONTROLLER, ADMINISTRATOR)
@require_safe
def forms_list(request: HttpRequest) -> HttpResponse:
    """Every form with the version in force and the draft that waits."""
    require_province(request.actor)
    stored: dict[tuple[str, str], PaperTemplate] = {
        (row.form, "draft" if row.is_undecided else row.status): row
        for row in PaperTemplate.objects.filter(form__in=letters.FORMS, status__in=(Status.IN_FORCE, *UNDECIDED))
    }
    rows = []
    for key, form in letters.FORMS.items():
        in_force = stored.get((key, Status.IN_FORCE))
        rows.append(
            {
                "form": form,
                "title": in_force.wording["title"] if in_force else form.wording.title,
                "sign": in_force.wording["sign"] if in_force else form.wording.sign,
                "in_force": in_force,
                "draft": stored.get((key, "draft")),
            }
        )
    return render(request, "dossiers/papers/forms.html", {"rows": rows})


@open_to(CONTROLLER, ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, key: str) -> HttpResponse:
    """What is in force, what is drafted, and the buttons of the draft and of the version in force."""
    require_province(request.actor)
    form = _form(key)
    workflow, rights, refused = TemplateWorkflow(form.vocabulary), _rights(request), None
    if request.method == "POST":
        undo, page = request.POST.get("do") == "undo", reverse("manage-paper", args=[key])
        version = workflow.in_force(form=key) if undo else templates.draft_of(key)
        try:
            if version is None:
                raise VersionRefused(_("Mẫu này không còn bản soạn nào. Hãy soạn bản mới từ trang của mẫu."))
            return press_posted_button(request, workflow, version, rights, page=page, gone=page)
        except Refused as refusal:
            refused = refusal
    number, worded = templates.worded(form.key, form.wording)
    waiting, in_force = templates.draft_of(form.key), workflow.in_force(form=key)
    context: dict[str, Any] = {
        "form_": form,
        "version": number,
        "worded": worded,
        "history": PaperTemplate.objects.filter(form=form.key).exclude(status__in=UNDECIDED)[:_HISTORY],
        "draft": waiting,
        **version_context(request, workflow, waiting, rights, refused),
        "undo": version_context(request, workflow, in_force, rights, None)["buttons"],
    }
    if waiting is not None:
        context["changes"] = wording.differences(worded, Wording.read(waiting.wording), form.vocabulary)
    return render(request, "dossiers/papers/form.html", context, status=409 if refused else 200)


def _rights(request: HttpRequest) -> Rights:
    """The catalogue controller writes, an administrator decides."""
    role = request.actor.role
    return Rights(may_edit=role == CONTROLLER, may_decide=role == ADMINISTRATOR)


@open_to(CONTROLLER, ADMINISTRATOR)
@require_safe
def version(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """One version line by line, and what it changed against the one before."""
    require_province(request.actor)
    form = _form(key)
    worded = _version(form, version)
    earlier = PaperTemplate.objects.filter(form=form.key, number__lt=version).order_by("-number").first()
    was = Wording.read(earlier.wording) if earlier else form.wording
    context = {
        "form_": form,
        "version": version,
        "before": earlier.number if earlier else 0,
        "stored": PaperTemplate.objects.filter(form=form.key, number=version).first(),
        "worded": worded,
        "lines": [wording.sentence_of(block, form.vocabulary) for block in worded.blocks],
        "changes": wording.differences(was, worded, form.vocabulary) if version else [],
        "may_begin": request.actor.role == CONTROLLER and templates.draft_of(form.key) is None,
    }
    return render(request, "dossiers/papers/version.html", context)


@open_to(CONTROLLER, ADMINISTRATOR)
@require_safe
def trial(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """A simulated case in the words of a version or of the draft."""
    require_province(request.actor)
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
    TemplateWorkflow(form.vocabulary).begin_template(form.key, origin, by=request.actor, at=timezone.now())
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
    if not waiting.is_draft:
        messages.info(request, _("Bản soạn đã trình nên không sửa được. Hãy lấy lại để sửa."))
        return redirect("manage-paper", key)
    vocabulary = form.vocabulary
    workflow = TemplateWorkflow(vocabulary)
    kept = Wording.read(waiting.wording)
    if request.method == "POST":
        head = forms.HeadForm(request.POST)
        rows = forms.BlockFormSet(request.POST, prefix="b", form_kwargs={"vocabulary": vocabulary})
        status = 422
        if head.is_valid() and rows.is_valid():
            waiting.wording = forms.wording_of(head, rows, vocabulary).as_json()
            try:
                workflow.save_draft(
                    waiting, revision=head.cleaned_data["revision"], by=request.actor, at=timezone.now()
                )
            except Refused as refusal:
                say_draft_was_refused(head, refusal, templates.draft_of(form.key))
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


def _form(key: str) -> Form:
    if key not in letters.FORMS:
        raise Http404
    return letters.FORMS[key]


def _version(form: Form, version: int) -> Wording:
    found = templates.of_version(form.key, version, form.wording) if version < 2**31 else None
    if found is None:
        raise Http404
    return found
