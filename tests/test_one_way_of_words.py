"""What people read says each thing one way: scanned over code, templates and both languages, not by example."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from django.apps import apps

from dossiers import letters
from oss_portal import translations

ROOT = Path(__file__).resolve().parents[1]
# Apps whose code people's texts come from: what is no app of the product is left out.
NOT_APPS = {"tests", "bench", "simulators", "frontend", "deploy", "findings", "node_modules", "static", "locale"}
APPS = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in NOT_APPS)


def sources(*patterns: str) -> Iterator[Path]:
    for app in (*APPS, "templates"):
        for pattern in patterns:
            for path in (ROOT / app).rglob(pattern):
                if "migrations" not in path.parts:
                    yield path


@cache
def gathered() -> dict[translations.Text, list[str]]:
    return translations.gathered()


def said() -> Iterator[tuple[str, str]]:
    """Every text of pages and messages, with where it stands; the wordings of notices by file."""
    for text, places in gathered().items():
        yield places[0], " ".join(text)
    for path in (ROOT / "templates" / "notices").glob("*.vi.txt"):
        yield path.name, path.read_text()
    for path in (ROOT / "docs").glob("*.md"):
        yield path.name, path.read_text()


def english() -> Iterator[tuple[str, str]]:
    for entry in polib.pofile(str(translations.CATALOGUE)):
        yield entry.msgid, " ".join((entry.msgstr, *entry.msgstr_plural.values()))
    for path in (ROOT / "templates" / "notices").glob("*.en.txt"):
        yield path.name, path.read_text()


def breaking(texts: Iterator[tuple[str, str]], pattern: str) -> list[tuple[str, str]]:
    return [(place, found[0]) for place, text in texts if (found := re.search(pattern, text, re.IGNORECASE))]


def test_a_complaint_is_only_one_of_the_law_on_complaints():
    assert [each for each in breaking(said(), r"khiếu nại.{0,60}") if "Luật Khiếu nại" not in each[1]] == []
    assert [
        each for each in breaking(english(), r"\bcomplain.{0,40}|.{0,30}complaints?\b") if "Law on" not in each[1]
    ] == []


def test_pages_and_messages_address_the_reader_one_way_and_papers_another():
    assert breaking(said(), r"ông/bà|ông \(bà\)|ông, bà|quý khách|quý vị|anh/chị|quý công dân") == []
    for form in letters.FORMS.values():
        for block in form.wording.blocks:
            assert not re.search(r"\bbạn\b", f"{block.label} {block.text}", re.IGNORECASE), (form.key, block)


ACT = r"(?<![\d.])\d+(?:\.\d+)?/(?:19|20)\d\d/[A-ZĐ]"
KIND = r"(?:Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Nghị quyết|Công văn|Chỉ thị|Luật|Pháp lệnh|Văn bản)"


def test_legal_acts_are_named_with_kind_and_number():
    named = rf"(?<!số )(?<!No\. ){ACT}|{KIND} {ACT}"
    assert breaking(said(), named) == []
    assert breaking(english(), rf"(?<!No\. ){ACT}") == []
    worded = [f"{block.label} {block.text}" for form in letters.FORMS.values() for block in form.wording.blocks]
    assert [text for text in worded if re.search(named, text)] == []


CODE = re.compile(r"\b(?:[A-Y]\d{2}(?:\.\d{1,3})+|\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})(?:-\d{6}-\d{4,8})?\b")
EXAMPLES = re.compile(r"H05\.160(?:-261123-000\d)?|G15\.000031|H05\.160\.001\Z")


def test_examples_of_codes_have_one_pattern():
    texts = [*said(), *english()]
    for form in letters.FORMS.values():
        texts += [(form.key, each.example) for each in form.vocabulary.fields.values() if isinstance(each.example, str)]
    wrong = [
        (place, code)
        for place, text in texts
        for code in CODE.findall(text.replace("\n", ""))
        if not EXAMPLES.fullmatch(code)
    ]
    assert wrong == []


# Where numbers and days get their looks; files for spreadsheets and other programs have a form of their own.
# Files and calls of other programs.
PROTOCOLS = {
    "vietnam/regex.py",
    "payments/providers/vnpay/protocol.py",
    "payments/models/statements.py",
    "accounts/registries/client.py",
    "exchange/moving_in/mapping.py",
    "exchange/connectors/national/catalogue.py",
}
WRITERS = {"vietnam/dates.py", "vietnam/numbers.py", "papers/blocks.py"}
BY_HAND = re.compile(r"%d/%m|%m/%d|:,\}|\.toLocale|Intl\.|strftime\(\"(?!%Y-%m-%d)")


def test_dates_and_numbers_are_written_in_one_place():
    found = [
        (str(path.relative_to(ROOT)), each[0])
        for path in sources("*.py")
        if str(path.relative_to(ROOT)) not in WRITERS | PROTOCOLS
        for line in path.read_text().splitlines()
        if (each := BY_HAND.search(line)) and "INPUT_FORMATS" not in line
    ]
    assert found == []
    templates = r"\|(?:date|time|floatformat|intcomma|localize|truncatechars|truncatewords)\b(?!:(?:\"H:i\"|'Y-m-d'))"
    assert [str(path.name) for path in sources("*.html", "*.txt") if re.search(templates, path.read_text())] == []


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"


def test_english_writes_days_and_numbers_as_vietnamese_does():
    assert breaking(english(), rf"\b\d{{1,2}} (?:{MONTHS}|{SHORT})\b|\b(?:{MONTHS}|{SHORT}) \d{{1,2}}\b") == []
    assert breaking(english(), r"\b\d{1,3},\d{3}\b|\b\d+\.\d+ ?%(?!\()") == []
    for path in (ROOT / "procedures" / "catalogue").rglob("*.yaml"):
        text = "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))
        assert not re.search(rf"\b\d{{1,2}} (?:{MONTHS}) \d{{4}}\b", text), path.name


@pytest.mark.parametrize("texts", [said, english])
def test_no_sentence_of_the_product_is_cut_off(texts):
    """Dots end what is under way ("Đang lưu…"), nothing else."""
    under_way = re.compile(r"(?:Đang \w+|\b\w+ing)…\Z")
    ends = [(place, text.strip()[-40:]) for place, text in texts() if text.strip().endswith(("…", "..."))]
    assert [each for each in ends if not under_way.search(each[1])] == []


def test_a_page_lists_its_mistakes_once():
    """`{{ form }}` lists its own; a page that lists them too says each sentence twice."""
    both = ("{{ form }}", '{% include "components/error_summary.html" %}')
    found = [path for path in sources("*.html") if all(part in path.read_text() for part in both)]
    apart = {"section.html"}  # one or the other, by whether the form's first question opens others
    assert {path.name for path in found} == apart


# Verbs that read as orders beside a state's word in both languages.
ORDERS = {"Dùng tệp gốc, không nhận dạng", "Không dùng"}
SAID_BY_BUTTON = re.compile(r"<button[^>]*>(.*?)</button>", re.DOTALL)
PLAIN_TEXT = re.compile(r"""\{% translate ["']([^"']+)["'] *%\}""")


def test_buttons_say_what_they_do_and_not_a_state():
    """*Đã hoàn* on a button reads as what already happened: a button says what pressing it does."""
    states = {
        str(label)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        for _, label in getattr(field, "flatchoices", None) or []
    }
    buttons = [
        (path.name, text)
        for path in sources("*.html")
        for button in SAID_BY_BUTTON.findall(path.read_text())
        for text in PLAIN_TEXT.findall(button)
    ]
    assert buttons
    assert [each for each in buttons if each[1] in states - ORDERS] == []


def test_every_table_has_a_name():
    """A reader who hears the page is told what a table holds: by its caption, or by a label."""
    named = re.compile(r"<table[^>]*aria-label|<table[^>]*>\s*(?:\{[%#][^}]*[%#]\}\s*)*<caption")
    nameless = [
        (path.name, found[0])
        for path in sources("*.html")
        for found in re.finditer(r"<table.{0,400}", path.read_text(), re.DOTALL)
        if not named.match(found[0])
    ]
    assert nameless == []
