#!/usr/bin/env bash
# An ampersand in a value of a Word template.
#
# Guess: a template engine for Word escapes what is special in XML, or raises.
# Seen: docxtpl 0.20.2 puts values in as they are unless autoescape=True is passed to render, and the damage is
#   repaired in silence: "Công ty A & B" is printed as "Công ty A  B", "Nhà <3 tầng>" as "Nhà 3 tầng>". A placeholder
#   whose accents are decomposed in the template (as some machines save them) is printed empty.
# Why it matters: names of enterprises have ampersands, and a licence with another name is another licence.
# What we do instead: papers are set from data by our own blocks (papers/), where text is never markup.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check docxtpl==0.20.2
"$dir/env/bin/python" - <<'PY'
import io
import sys
import unicodedata

from docx import Document
from docxtpl import DocxTemplate


def printed(line, values, **options):
    """Render a template of one paragraph and read it back."""
    template, result = Document(), io.BytesIO()
    template.add_paragraph(line)
    template.save(result)
    engine, again = DocxTemplate(result), io.BytesIO()
    engine.render(values, **options)
    engine.save(again)
    return Document(again).paragraphs[0].text


seen = {
    "A & B": printed("{{ name }}", {"name": "Công ty A & B"}),
    "<3 tầng>": printed("{{ name }}", {"name": "Nhà <3 tầng>"}),
    "A & B, autoescape": printed("{{ name }}", {"name": "Công ty A & B"}, autoescape=True),
    "decomposed placeholder": printed(unicodedata.normalize("NFD", "{{ tên }}"), {"tên": "An"}),
}
print("docxtpl 0.20.2")
print("guess: Công ty A & B, Nhà <3 tầng>, Công ty A & B, An (or an error)")
for name, text in seen.items():
    print(f"seen:  {name}: {text!r}")
as_noted = list(seen.values()) == ["Công ty A  B", "Nhà 3 tầng>", "Công ty A & B", ""]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
