"""The form that a procedure asks: its versions, the builder, preview as citizen and as print, the way into force."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.models import Territory
from core.pagination import page_of
from core.refusals import Refused
from core.version_buttons import posted_revision
from core.version_pages import Rights, Saving, copied_version, press_posted_button, save_posted_draft, version_context
from core.versions import UNDECIDED
from procedures.display import fact_text
from procedures.fees.sentences import per_name
from procedures.models import Procedure, Questionnaire
from procedures.questionnaire import building, printing, schema, values, versions, words
from procedures.questionnaire.layout import CASE, COUNTED, KINDS, Layout, Section, read_layout, write_layout
from procedures.questionnaire.schema import Context
from procedures.questionnaire.versions import QUESTIONNAIRES
from procedures.questionnaire.web import MORE, AnswerForm
from procedures.routes.editing import clean_steps

CONTROLLER, SUPERVISOR = StaffPost.Role.CONTROLLER, StaffPost.Role.SUPERVISOR
SHOWN = 50
Status = Questionnaire.Status


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Drafts of all procedures and what was submitted, which a second person puts in force."""
    drafts = Questionnaire.objects.filter(status__in=UNDECIDED).select_related("procedure__current")
    page = page_of(drafts, request, by=("id",))
    return render(request, "procedures/manage/forms_waiting.html", {"page": page, "rows": page.items})


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def versions_of(request: HttpRequest, code: str) -> HttpResponse:
    """The history: what is in force, drafts, and what was before."""
    found = _procedure(code)
    own = list(found.questionnaires.order_by("-id")[:SHOWN])
    groups = [
        (status.label, [{"version": v, "questions": _count(v)} for v in own if v.status == status])
        for status in (Status.IN_FORCE, Status.SUBMITTED, Status.DRAFT, Status.REPLACED, Status.UNDONE)
    ]
    context = {"procedure": found, "edition": found.in_force, "groups": groups, "any": bool(own)}
    return render(request, "procedures/manage/forms.html", {**context, "may_edit": request.actor.role == CONTROLLER})


def _count(found: Questionnaire) -> int:
    return sum(1 for _each in read_layout(found.layout).questions())


@open_to(CONTROLLER)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """A new draft: from a version of this procedure, else with one empty section."""
    found = _procedure(code)
    layout = Layout(
        title=_("Tờ khai: %s") % found.in_force.title[:250],
        title_en=found.in_force.title_en[:250],
        sections=(Section(_("Nội dung"), "Content"),),
    )
    if former := copied_version(request.POST, found.questionnaires):
        layout = read_layout(former.layout)
    draft = Questionnaire(procedure=found, layout=write_layout(layout))
    QUESTIONNAIRES.begin_draft(draft, by=request.actor, at=timezone.now())
    messages.success(request, _("Đã lập bản nháp. Hãy sửa các câu hỏi rồi lưu."))
    return redirect("manage-form-edit", code=found.code, pk=draft.pk)


@open_to(CONTROLLER, SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One version: its questions, what is wrong with it, and the buttons that a draft has."""
    found, rights, refused = _version(code, pk), _rights(request), None
    if request.method == "POST":
        page, gone = reverse("manage-form", args=[code, pk]), reverse("manage-forms-of", args=[code])
        try:
            return press_posted_button(request, QUESTIONNAIRES, found, rights, page=page, gone=gone)
        except Refused as refusal:
            found, refused = _version(code, pk), refusal
    layout = read_layout(found.layout)
    names = {key: str(name) for key, name in words.KIND_NAMES.items()}
    context = {
        **_about(found),
        **version_context(request, QUESTIONNAIRES, found, rights, refused),
        "form_title": layout.local_text(),
        "sections": [
            {"title": s.local_text(), "rows": [{"q": q, "kind": names.get(q.kind, q.kind)} for q in s.questions]}
            for s in layout.sections
        ],
    }
    return render(request, "procedures/manage/form.html", context, status=409 if refused else 200)


def _rights(request: HttpRequest) -> Rights:
    return Rights(may_edit=request.actor.role == CONTROLLER, may_decide=True)


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The builder. Buttons that add and move change the page only; saving writes the draft."""
    found = _version(code, pk)
    if not found.is_draft:
        messages.warning(request, _("Bản này đã trình hoặc đã áp dụng nên không sửa được."))
        return redirect("manage-form", code=code, pk=pk)
    head = read_layout(found.layout)
    rows = building.rows_of(head)
    posted, do = request.method == "POST", request.POST.get("do", "")
    if posted:
        head = _head(head, request.POST)
        rows = building.posted(request.POST.dict())
        building.pressed(rows, do)
    layout, errors = building.finished(head, rows)
    saving = Saving(revision=posted_revision(request.POST) if posted else found.revision)
    if posted and do == "save" and not errors:
        found.layout, found.rules = write_layout(layout), {}  # the rules are made when it comes into force
        saving = save_posted_draft(request, QUESTIONNAIRES, found, page=reverse("manage-form", args=[code, pk]))
        if saving.response:
            return saving.response
    places = {row["id"] or f"cau_r{n}": f"r{n}" for n, row in enumerate(rows) if row["row"] == "question"}
    context = {
        **_about(found),
        **_choices(found.procedure, layout),
        "layout": layout,
        "rows": _numbered(rows),
        "revision": saving.revision,
        "errors": [*saving.errors, *({"text": sentence, "target": field} for field, sentence in errors)],
        "problems": [(p, places.get(p.where, "")) for p in versions.problems_of(found.procedure, layout)],
    }
    status = 409 if saving.errors else 422 if errors and do == "save" else 200
    return render(request, "procedures/manage/form_edit.html", context, status=status)


def _head(former: Layout, data: Any) -> Layout:
    return replace(
        former,
        title=clean_steps(data.get("title", ""), 300),
        title_en=clean_steps(data.get("title_en", ""), 300),
        content=clean_steps(data.get("content", ""), 300),
        document=clean_steps(data.get("document", ""), 80),
    )


def _numbered(rows: list[building.Row]) -> list[dict[str, Any]]:
    last = len(rows)
    return [{**row, "at": f"r{n}", "n": n + 1, "first": n == 0, "last": n + 1 == last} for n, row in enumerate(rows)]


def _choices(procedure: Procedure, layout: Layout) -> dict[str, Any]:
    cases = procedure.in_force.facts.get("cases") or []
    fields = [(q.id, q.local_text()[:60] or q.id) for _section, q in layout.questions()]
    return {
        "kinds": [(kind, words.KIND_NAMES[kind]) for kind in KINDS],
        "fields": [*([(CASE, _("Trường hợp của hồ sơ"))] if cases else []), *fields],
        "cases": [(case["key"], fact_text(case)) for case in cases],
        "operators": [("is", _("là")), ("is_not", _("không là")), ("contains", _("có chứa"))],
        "documents": list(versions.documents_of(procedure.in_force).items()),
        "prefills": [("", "–"), ("owner", _("Người đứng tên")), ("filer", _("Người nộp"))],
        "counted": [("", _("Không")), *((per, per_name(per, get_language() or "vi")) for per in COUNTED)],
        "part_names": {part: str(name) for part, name in words.PART_NAMES.items()},
        "part_choices": [("asked", _("bắt buộc")), ("optional", _("không bắt buộc")), ("out", _("không hỏi"))],
    }


@open_to(CONTROLLER, SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The page as a citizen has it; answers are judged and shown, and kept nowhere."""
    found = _version(code, pk)
    layout = read_layout(found.layout)
    problems = versions.problems_of(found.procedure, layout) if found.is_undecided else []
    context: dict[str, Any] = {**_about(found), "problems": problems, "form": None, "form_title": layout.local_text()}
    status = 200
    if not problems:
        do = request.POST.get("do", "")
        judged = request.method == "POST" and not do.startswith(MORE)
        communes = _communes()
        form = AnswerForm(
            layout,
            found.rules or schema.build_schema(layout),
            request.POST if judged else None,
            typed=request.POST.dict(),
            communes=communes,
            around=Context(timezone.localdate(), frozenset(communes)),
            case=clean_steps(request.GET.get("case", ""), 50),
            documents=versions.documents_of(found.procedure.in_force),
            more=do.removeprefix(MORE),
        )
        context |= {"form": form, "cases": _choices(found.procedure, layout)["cases"], "case": form.case}
        if judged and form.is_valid():
            context |= {"accepted": True, "parts": values.answers_text(layout, form.values, communes)}
            context["content"] = values.content_text(layout, form.values, communes)
        elif judged:
            status = 422
    return render(request, "procedures/manage/form_preview.html", context, status=status)


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def printed(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The empty form on paper."""
    found = _version(code, pk)
    pdf = printing.render_form(read_layout(found.layout), None, communes={}, at=timezone.localtime())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="to-khai-{found.procedure.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _communes() -> dict[str, str]:
    kinds = (Territory.Kind.WARD, Territory.Kind.COMMUNE)
    found = Territory.objects.filter(kind__in=kinds, valid_to__isnull=True).order_by("sort_key")
    return {territory.code: territory.local_name for territory in found}


def _about(found: Questionnaire) -> dict[str, Any]:
    return {"version": found, "procedure": found.procedure, "edition": found.procedure.in_force}


def _procedure(code: str) -> Procedure:
    if not code.isprintable():
        raise Http404
    return get_object_or_404(Procedure.objects.filter(current__isnull=False).select_related("current"), code=code)


def _version(code: str, pk: int) -> Questionnaire:
    found = Questionnaire.objects.filter(procedure=_procedure(code)).select_related("procedure__current", "edited_by")
    return get_object_or_404(found, pk=pk)
