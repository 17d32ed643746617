"""Guides for the public: a question on a page, and at the end what to ask for.

Where a reader stands is in the address alone: ``a`` once for each answer, and ``n``, how many answers the sent page
means to have, by which a page sent without an answer is known.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to
from procedures.display import value_text
from procedures.editions.document import CONFIRMED
from procedures.public import presentation
from procedures.public.guides import Guide, Question, Step, Wanted, guides, meant_by, of_life_event, walk_guide
from procedures.public.listing import Narrowing, public_procedures


class AnswerForm(forms.Form):
    a = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Hãy chọn một câu trả lời."),
            "invalid_choice": _("Hãy chọn một câu trả lời."),
        },
    )

    def __init__(self, question: Question, data: dict[str, str] | None = None) -> None:
        super().__init__(data)
        self.fields["a"].label = value_text(question.ask, question.ask_en)
        choices = [(str(place), value_text(row.say, row.say_en)) for place, row in enumerate(question.answers)]
        self.fields["a"].choices = choices  # type: ignore[attr-defined]  # the field is declared above


@open_to(PUBLIC)
@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    return render(request, "procedures/citizen/guide_list.html", {"guides": guide_tiles(guides().values())})


@open_to(PUBLIC)
@require_safe
def guide(request: HttpRequest, key: str) -> HttpResponse:
    found = guides().get(key)
    if found is None:
        raise Http404
    walked = walk_guide(found, request.GET.getlist("a"))
    steps = walked.steps
    context: dict[str, Any] = {
        "name": value_text(found.name, found.name_en),
        "back_url": _address(found, steps[:-1]) if steps else reverse("guide-list"),
        "start_url": _address(found, ()),
    }
    if walked.question is None:
        context |= {"answers": _answers(found, steps), "wanted": _wanted(walked.wanted)}
        return render(request, "procedures/citizen/guide_end.html", context)
    unanswered = request.GET.get("n", "") == str(len(steps) + 1)
    context |= {
        "form": AnswerForm(walked.question, {} if unanswered else None),
        "given": [step.place for step in steps],
        "next": len(steps) + 1,
    }
    return render(request, "procedures/citizen/guide.html", context)


def guide_tiles(shown: Iterable[Guide]) -> list[dict[str, str]]:
    """Guides as items of the tiles component."""
    return [
        {
            "label": value_text(one.name, one.name_en),
            "note": value_text(one.hint, one.hint_en),
            "icon": one.icon,
            "url": _address(one, ()),
        }
        for one in shown
    ]


def guides_for(asked: Narrowing) -> list[Guide]:
    """The guides to show above a list: the one that its search means, else those of its life event."""
    if asked.q:
        meant = meant_by(asked.q)
        return [meant] if meant else []
    return of_life_event(asked.event) if asked.event else []


def _address(of: Guide, steps: Iterable[Step]) -> str:
    query = urlencode([("a", step.place) for step in steps])
    address = reverse("guide", args=[of.key])
    return f"{address}?{query}" if query else address


def _answers(of: Guide, steps: tuple[Step, ...]) -> list[dict[str, str]]:
    """The answers given, as rows of the summary list; changing one leads back to its question."""
    return [
        {
            "key": value_text(step.question.ask, step.question.ask_en),
            "value": value_text(step.answer.say, step.answer.say_en),
            "change_url": _address(of, steps[:place]),
        }
        for place, step in enumerate(steps)
    ]


def _wanted(wanted: tuple[Wanted, ...]) -> list[dict[str, Any]]:
    """What to ask for, in the order of the guide; what is not offered to the public today is left out."""
    rows = public_procedures().select_related("current").filter(code__in=[one.code for one in wanted])
    offered = {procedure.code: procedure.in_force for procedure in rows.defer("search_text", "search_vector")}
    found = []
    for one in wanted:
        if edition := offered.get(one.code):
            case = next((row["name"] for row in presentation.case_names(edition) if row["key"] == one.case), "")
            address = reverse("procedure", args=[one.code])
            found.append(
                {
                    "title": value_text(edition.title, edition.title_en),
                    "case": case,
                    "why": value_text(one.why, one.why_en),
                    "sure": one.state == CONFIRMED,
                    "url": f"{address}?{urlencode({'case': one.case})}" if case else address,
                    "file_url": presentation.file_url(one.code, edition),
                }
            )
    return found
