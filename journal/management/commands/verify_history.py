"""`manage.py verify_history`: is the history as it was written?"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.verifying import verify_history


class Command(BaseCommand):
    help = "Recompute every seal of the history and name the first row that was changed, removed, added or reordered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--roots", type=Path, help="a copy of the days' roots kept outside (manage.py day_roots)")

    def handle(self, *_args: Any, roots: Path | None = None, **_options: Any) -> None:
        report = verify_history(kept_roots=_read(roots) if roots else None)
        for fault in report.faults:
            self.stderr.write(fault.sentence)
        self.stdout.write(
            f"{report.rows} rows in {report.seals} blocks under {report.days} signed days; "
            f"{report.waiting} rows are not sealed yet."
        )
        if report.faults:
            raise CommandError("The history is not as it was written.")
        self.stdout.write("All of it is as it was written.")


def _read(path: Path) -> dict[str, str]:
    """Hash of each day by its day. Errors: CommandError."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {line["day"]: line["hash"] for line in lines}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no list of the days' roots ({type(error).__name__}).") from error
