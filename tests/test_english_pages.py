"""On pages in English no word is left in Vietnamese but what people typed, and official names that have no English.

Both stand in the database; whatever else has Vietnamese letters was written by the portal, and must be in its English
sentences too (an example, the number of a decree). Where a page quotes Vietnamese, it says so with lang="vi".
"""

import re
from html.parser import HTMLParser

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from agencies.models import Desk, Territory
from tests.databases import ROOT
from tests.factories.addresses import ADDRESSES, address_of, audience_of, is_api, is_let_in
from tests.factories.people import USERS

ENGLISH = ROOT / "locale/en/LC_MESSAGES/django.po"
LETTERS = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
SHOWN = ("alt", "title", "placeholder", "aria-label", "value", "data-confirm")
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Text(HTMLParser):
    """What a page shows, in pieces, without what is marked as Vietnamese."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        quiet = bool(self.open and self.open[-1][1]) or tag in (
            "script",
            "style",
            "template",
            "textarea",
        )  # the last one: typed
        quiet = said.get("lang") == "vi" if "lang" in said else quiet
        if not quiet:
            self.pieces += [
                said[name] for name in SHOWN if said.get(name) and not (name == "value" and tag != "button")
            ]
        if tag not in EMPTY:
            self.open.append((tag, quiet))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.pieces.append(data)


def vietnamese(html: str) -> list[str]:
    page = Text()
    page.feed(html)
    words = (" ".join(piece.split()) for piece in page.pieces)
    return [piece for piece in dict.fromkeys(words) if LETTERS.search(piece)]


def known_texts() -> str:
    """All texts of the database, one a line: what people typed, and names."""
    found: set[str] = set()
    for model in apps.get_models():
        columns = [
            f.name
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model.objects.values_list(*columns)[:5000] if columns else ():
            found |= {" ".join(text.split()) for value in row for text in _texts(value)}
    return "\n".join(found)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


def runs(text: str) -> set[str]:
    """Words with Vietnamese letters, those that stand together as one."""
    found: list[list[str]] = [[]]
    for word in re.findall(r"[\w-]+|[^\w\s]", text):
        if LETTERS.search(word):
            found[-1].append(word)
        elif found[-1]:
            found.append([])
    return {" ".join(words) for words in found if words}


def quoted() -> set[str]:
    """What English sentences of the portal say in Vietnamese, and the names of places."""
    sentences = [entry.msgstr or " ".join(entry.msgstr_plural.values()) for entry in polib.pofile(str(ENGLISH))]
    places = [*Territory.objects.values_list("name", flat=True), *Desk.objects.values_list("address", flat=True)]
    return {run for text in (*sentences, *places) for run in runs(text)} | {
        run for name in places for run in runs(name.partition(" ")[2])
    }


def names_with_english() -> set[str]:
    """Vietnamese names whose rows have an English one too."""
    found: set[str] = set()
    for model in apps.get_models():
        columns = {f.name for f in model._meta.concrete_fields}
        for name in columns & {"name", "title", "hint"}:
            if f"{name}_en" in columns:
                rows = model.objects.exclude(**{f"{name}_en": ""}).values_list(name, flat=True)
                found |= {" ".join(text.split()) for text in rows if LETTERS.search(text)}
    return found


@pytest.mark.django_db
def test_pages_in_english_speak_english(clients):
    known, translated, said = known_texts(), names_with_english(), quoted()
    wrong: list[str] = []
    looked = 0
    for route, pattern in ADDRESSES:
        if not pattern.name or is_api(pattern) or pattern.pattern.converters:
            continue
        address, audience = address_of(pattern.name, pattern), audience_of(pattern.callback)
        for role in [role for role in USERS if is_let_in(role, audience)] or ["citizen"]:
            kept = dict(clients[role].cookies)
            clients[role].cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
            with transaction.atomic():
                answer = clients[role].get(address)
                transaction.set_rollback(True)
            clients[role].cookies.clear()
            clients[role].cookies.update(kept)
            if answer.streaming or "html" not in answer.get("Content-Type", ""):
                continue
            looked += 1
            wrong += [
                f"{route} ({role}): {piece}"
                for piece in vietnamese(answer.content.decode())
                if piece in translated or (piece not in known and runs(piece) - said)
            ]
    assert looked > 150
    assert wrong == []
