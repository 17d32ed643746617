"""What the pages of every kind of version do alike: its buttons, saving its draft, what a new draft copies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Manager, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refused
from core.second_person import StaleDraft
from core.version_buttons import overwrite_sentence, posted_revision, press_version_button, version_buttons
from core.versions import V, Version, Workflow

MOST_DIGITS = 17  # of a key that a page sends


@dataclass(frozen=True)
class Rights:
    """What somebody may do with versions of one kind, the second person's rule apart."""

    may_edit: bool
    may_decide: bool


@dataclass(frozen=True)
class Saving:
    """What came of saving a draft: where to go on, or the `errors` of the page and the revision it is drawn with."""

    response: HttpResponse | None = None
    revision: int = -1
    errors: list[dict[str, str]] = field(default_factory=list)


def press_posted_button(
    request: HttpRequest, workflow: Workflow[V], version: V, rights: Rights, *, page: str, gone: str
) -> HttpResponse:
    """Do what the button of a version's page says, and go to `page`, or to `gone` when the draft was thrown away.

    Raises Refused.
    """
    sentence = press_version_button(
        workflow, version, request.POST, by=request.actor, at=timezone.now(), **vars(rights)
    )
    messages.success(request, sentence)
    return redirect(gone if request.POST["do"] == "discard" else page)


def version_context(
    request: HttpRequest, workflow: Workflow[V], version: V | None, rights: Rights, refused: Refused | None
) -> dict[str, Any]:
    """What a version's page shows of its buttons, and of the one that was refused."""
    return {
        "buttons": version and version_buttons(workflow, version, request.actor, **vars(rights)),
        "refused": [{"text": sentence} for sentence in refused.sentences] if refused else [],
        "typed_reason": request.POST.get("reason", "").replace("\x00", ""),
        "may_edit": rights.may_edit,
    }


def save_posted_draft(request: HttpRequest, workflow: Workflow[V], draft: V, *, page: str) -> Saving:
    """Write a draft's changed content over the revision that the page was drawn with."""
    try:
        workflow.save_draft(draft, revision=posted_revision(request.POST), by=request.actor, at=timezone.now())
    except StaleDraft as refusal:
        present = type(draft)._default_manager.get(pk=draft.pk)
        sentences = (*refusal.sentences, overwrite_sentence())
        return Saving(revision=present.revision, errors=[{"text": sentence} for sentence in sentences])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã lưu bản nháp."))
    return Saving(redirect(page))


def say_draft_was_refused(form: Form, refusal: Refused, draft: Version | None) -> None:
    """Say on a page's form why nothing was saved. What was typed stays, and when somebody else saved meanwhile, the
    next press writes over the `draft` that is there now."""
    sentences = [*refusal.sentences]
    if isinstance(refusal, StaleDraft):
        sentences.append(overwrite_sentence())
        form.data = {**form.data.dict(), "revision": str(draft.revision if draft else -1)}
    for sentence in sentences:
        form.add_error(None, sentence)


def copied_version(data: Mapping[str, Any], versions: "Manager[V] | QuerySet[V]") -> V | None:
    """The version that a new draft copies, if the page named one (`source`). Raises Http404 for any other."""
    source = str(data.get("source", ""))
    if not (source.isascii() and source.isdigit() and len(source) <= MOST_DIGITS):
        return None
    return get_object_or_404(versions, pk=int(source))
