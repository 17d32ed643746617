"""Compiles every locale/*/LC_MESSAGES/*.po, without the gettext tools that a fresh machine lacks."""

from pathlib import Path

import polib

for catalogue in sorted((Path(__file__).resolve().parent.parent / "locale").glob("*/LC_MESSAGES/*.po")):
    polib.pofile(str(catalogue)).save_as_mofile(str(catalogue.with_suffix(".mo")))
