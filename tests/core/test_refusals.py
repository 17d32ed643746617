"""Every refusal of every subject is answered in words: on a page by its sentences, by the API by its code too."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import include, path
from rest_framework.views import APIView

from accounts.permissions import PUBLIC, open_to
from core.refusals import Refused, RefusedForReasons
from procedures.models import Procedure
from vietnam.decisions import FoundingDecision

ROOT = Path(settings.BASE_DIR)
SENTENCE = "Việc này chưa làm được vì thử."
# What a refusal with an `__init__` of its own is made with; a new one needs its line here.
MADE_WITH: dict[str, tuple[object, ...]] = {
    "RefusedForReasons": ("several", [SENTENCE, "Và vì lẽ khác."]),
    "Unacceptable": ([("case", SENTENCE), ("content", "Hãy ghi nội dung.")],),
    "UploadRefused": ("broken",),
    "PersonDiffers": (None, ("full_name",)),
    "CodeTaken": (Procedure(code="1.000001"), None),
    "TooMany": ("sign-in", 61),
    "BirthDateDiffers": (), "Changed": (),
    "EnterpriseDiffers": (None, "Công ty"),
    "BodyInDoubt": (FoundingDecision("12/QĐ-UBND"), []),
    "SavedElsewhere": (),
    "KeyReused": (), "OffsetMismatch": (), "TooManyUploads": (), "StaleQuery": (), "StaleReplacement": (),
}  # fmt: skip
WITH_SENTENCE = (
    "RegistrationRefused", "CorrectionRefused", "PostRefused", "UnreadableTable", "CannotMove", "BadText",
    "VersionRefused", "UnreadableStatement", "RefundRefused",
)  # fmt: skip


def _subclasses(known: type[Refused]) -> set[type[Refused]]:
    return {known}.union(*map(_subclasses, known.__subclasses__()))


# The address configuration, which is read at the latest by the first request, imports every app's views.
__import__("oss_portal.urls")
KINDS = sorted(_subclasses(Refused), key=lambda kind: (kind.__module__, kind.__name__))
BY_NAME = {f"{kind.__module__}.{kind.__name__}": kind for kind in KINDS if "tests" not in kind.__module__}


def made(kind: type[Refused]) -> Refused:
    if kind.__name__ in MADE_WITH:
        return kind(*MADE_WITH[kind.__name__])  # type: ignore[arg-type]
    if kind.__name__ in WITH_SENTENCE:
        return kind(SENTENCE)  # type: ignore[call-arg]
    return kind("tried", SENTENCE, field="name")


@open_to(PUBLIC)
def refusing_page(request, name):
    raise made(BY_NAME[name])


class RefusingOperation(APIView):
    authentication_classes = ()
    audience = PUBLIC
    permission_classes = ()
    throttle_classes = ()

    def get(self, request, name):
        raise made(BY_NAME[name])


urlpatterns = [
    path("refuse/page/<name>", refusing_page),
    path("refuse/api/<name>", RefusingOperation.as_view()),
    path("", include("oss_portal.urls")),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", BY_NAME)
def test_every_refusal_is_answered_in_words_at_page_and_api(client, name):
    refusal = made(BY_NAME[name])
    assert refusal.code
    assert refusal.sentences
    page = client.get(f"/refuse/page/{name}")
    assert page.status_code == refusal.status
    for sentence in refusal.sentences:
        assert sentence in page.content.decode()
    answer = client.get(f"/refuse/api/{name}")
    assert answer.status_code == refusal.status
    assert (answer.json()["code"], answer.json()["message"]) == (refusal.code, str(refusal.sentence))
    assert answer.json().get("field") == refusal.field
    if refusal.seconds is not None:
        assert page.headers["Retry-After"] == answer.headers["Retry-After"] == str(refusal.seconds)


def test_a_refusal_for_several_reasons_says_all():
    assert made(RefusedForReasons).sentences == [SENTENCE, "Và vì lẽ khác."]


def test_no_exception_with_a_sentence_stands_beside_the_family():
    """An exception that carries a sentence for a person inherits Refused, so that no door has to know its class."""
    beside = []
    for app in (*settings.APPS, "core"):
        for source in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(source.read_bytes())):
                if isinstance(node, ast.ClassDef) and {getattr(base, "id", "") for base in node.bases} & {
                    "Exception", "ValueError", "LookupError", "RuntimeError",
                }:  # fmt: skip
                    stored = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)]
                    if "sentence" in stored and node.name != "Refused":
                        beside.append(f"{source.relative_to(ROOT)}: {node.name}")
    assert beside == []
