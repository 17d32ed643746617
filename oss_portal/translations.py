"""The texts of the product in English: gathered from code and templates, and checked.

Vietnamese is the language of the source; `locale/en` holds its English. Run as
``python -m oss_portal.translations update|check``; pure Python, so that no system tool is needed.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
_SKIPPED = {".venv", "node_modules", "tests", "bench", "simulators", ".data", "frontend", "migrations", "static"}
_KEYWORDS = (
    *("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext"),
)
_LITERAL = re.compile(r"""u?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\")""")
_CALL = re.compile(
    rf"\b(?P<function>_|n?p?gettext)\((?P<arguments>\s*(?:{_LITERAL.pattern})(?:\s*,\s*(?:{_LITERAL.pattern}))*)"
)
Text = tuple[str, str, str]  # context, singular, plural


def gathered() -> dict[Text, list[str]]:
    """Every text of code and templates with the files it stands in."""
    found: dict[Text, list[str]] = {}
    for path in sorted(_sources()):
        for text in _texts(path):
            found.setdefault(text, []).append(str(path.relative_to(ROOT)))
    return found


def _sources() -> Iterator[Path]:
    for pattern in ("*.py", "templates/**/*.html", "templates/**/*.txt"):
        for path in ROOT.rglob(pattern):
            if not _SKIPPED.intersection(path.relative_to(ROOT).parts):
                yield path


def _texts(path: Path) -> Iterator[Text]:
    found = _of_template(path) if path.suffix != ".py" else _of_code(path)
    for function, given in found:
        if not given or not given[0]:
            continue
        if function.startswith(("pgettext", "npgettext")):
            yield given[0], given[1], given[2] if len(given) > 2 else ""
        elif function.startswith("ngettext") and len(given) > 1:
            yield "", given[0], given[1]
        else:
            yield "", given[0], ""


def _of_code(path: Path) -> Iterator[tuple[str, list[str]]]:
    from babel.messages.extract import extract_python

    code = io.BytesIO(path.read_bytes())
    for _line, function, messages, _comments in extract_python(
        code, dict.fromkeys(_KEYWORDS), [], {"encoding": "utf-8"}
    ):
        given = messages if isinstance(messages, tuple) else (messages,)
        yield function, [m for m in given if isinstance(m, str)]


def _of_template(path: Path) -> Iterator[tuple[str, list[str]]]:
    """What Django's own templatize makes of a template: calls with plain string literals."""
    from django.utils.translation.template import templatize

    for call in _CALL.finditer(templatize(path.read_text(), origin=str(path))):
        yield call["function"], [ast.literal_eval(literal) for literal in _LITERAL.findall(call["arguments"])]


def update() -> int:
    """Bring the catalogue to what the sources say: new texts without a translation, gone ones away."""
    catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else _new_catalogue()
    wanted = gathered()
    known = {_key(entry): entry for entry in catalogue}
    for key, entry in known.items():
        if key not in wanted:
            catalogue.remove(entry)
    for key, places in wanted.items():
        if key not in known:
            context, singular, plural = key
            entry = polib.POEntry(msgctxt=context or None, msgid=singular)
            if plural:
                entry.msgid_plural, entry.msgstr_plural = plural, {0: "", 1: ""}
            catalogue.append(entry)
            known[key] = entry
        known[key].occurrences = [(place, "") for place in sorted(set(places))]
        known[key].flags = [f for f in known[key].flags if f != "fuzzy"]
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    return len(missing())


def missing() -> list[str]:
    """Texts without English, or whose placeholders differ."""
    catalogue = {_key(e): e for e in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    problems = []
    for key in gathered():
        entry = catalogue.get(key)
        if entry is None or not entry.translated():
            problems.append(f"no English: {key[1]}")
        elif difference := _placeholders_differ(entry):
            problems.append(f"placeholders differ ({difference}): {key[1]}")
    return problems


def _placeholders_differ(entry: polib.POEntry) -> str:
    pattern = re.compile(r"%\(\w+\)[sd]|%[sd]")
    wanted = sorted(set(pattern.findall(entry.msgid)))
    for given in [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values()):
        got = sorted(set(pattern.findall(given)))
        if not set(got) <= set(wanted) or (not entry.msgid_plural and got != wanted):
            return f"{wanted} and {got}"
    return ""


def _key(entry: polib.POEntry) -> Text:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def _new_catalogue() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def main(arguments: list[str]) -> int:
    action = arguments[0] if arguments else "check"
    if action == "update":
        sys.stdout.write(f"{update()} texts want English in {CATALOGUE.relative_to(ROOT)}\n")
        return 0
    problems = missing()
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
