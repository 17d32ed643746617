#!/usr/bin/env bash
# A file field of Django whose widget may take several files.
#
# Guess: `allow_multiple_selected = True` on a FileInput only allows `multiple`; a widget made without that attribute
#   offers one file, and its value is one file.
# Seen: Django 5.2 sets `multiple` by itself (setdefault in FileInput.__init__), so that the browser offers several, and a
#   widget that reads one of them loses the rest without a word. Only `multiple=False`, said aloud, offers one.
# Why it matters: somebody chooses two scans, one arrives, nobody is told.
# What we do instead: our widget says `multiple` in either case, and a test reads the HTML.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check django==5.2.8
cat >"$dir/try.py" <<'PY'
import django
from django.conf import settings

settings.configure(TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import FileInput
from django.utils.datastructures import MultiValueDict


class One(FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.get(name)


html = One().render("scan", None)
said = One({"multiple": False}).render("scan", None)
sent = MultiValueDict({"scan": [SimpleUploadedFile("mot.pdf", b"1"), SimpleUploadedFile("hai.pdf", b"2")]})
taken = One().value_from_datadict({}, sent, "scan").name
print("Django", django.get_version())
print("guess: no multiple in the field, one file offered")
print("seen: ", html.strip(), "| said False:", said.strip(), "| of two files taken:", taken)
assert " multiple" in html and " multiple" not in said and taken == "hai.pdf", "the behaviour has changed"
PY
"$dir/venv/bin/python" "$dir/try.py"
