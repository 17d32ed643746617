"""Enter results issued in former years in the register, from folders of scans and a spreadsheet.

Without --run nothing is changed: every row is looked at and reported. An import that was cut off is begun again with
the same command; rows that are in stay as they are, refused ones are tried once more.
"""

import csv
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from core.csv_files import safe_cell
from core.refusals import Refused
from digitization.models import ImportedResult
from digitization.old_results import import_results

_ROLES = (StaffPost.Role.CLERK, StaffPost.Role.OFFICER, StaffPost.Role.COUNTER, StaffPost.Role.ADMINISTRATOR)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the scans lie; the sheet names them from here")
        parser.add_argument("sheet", type=Path, help=".xlsx or .csv, the heads in its first row")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="whose post digitised them")
        parser.add_argument("--run", action="store_true", help="import; without it the rows are only looked at")
        parser.add_argument("--report", type=Path, help="a CSV of all rows; without it only refused ones are printed")

    def handle(self, *args: Any, folder: Path, sheet: Path, by: str, run: bool, report: Path | None, **_o: Any) -> None:
        today = timezone.localdate()
        posts = StaffPost.objects.select_related("account", "agency").filter(account__username=by, role__in=_ROLES)
        post = posts.exclude(valid_to__lt=today).filter(valid_from__lte=today).first()
        if post is None:
            raise CommandError(f"{by} holds no post that digitises.")
        for path in (folder, sheet):
            if not path.exists():
                raise CommandError(f"{path} does not exist.")
        actor = Actor(account=post.account, post=post, posts=(post,), channel="import")
        rows = import_results(folder, sheet, agency=post.agency, by=actor, at=timezone.now(), dry_run=not run)
        counted: Counter[str] = Counter()
        earlier = 0
        lines = [["row", "state", "code", "why"]]
        try:
            for row in rows:
                counted[row.state] += 1
                earlier += row.earlier and row.state == ImportedResult.State.DONE
                state = row.state if run or row.state != ImportedResult.State.DONE else "would be imported"
                lines.append([str(row.number), state, row.code, row.sentence])
                if row.state == ImportedResult.State.REFUSED:
                    self.stdout.write(f"Row {row.number}: {row.sentence}")
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        if report is not None:
            with report.open("w", encoding="utf-8-sig", newline="") as opened:
                csv.writer(opened).writerows([safe_cell(cell) for cell in line] for line in lines)
        done, known, refused = (counted[state] for state in ("done", "known", "refused"))
        word = "imported" if run else "would be imported"
        before = f" ({earlier} of them by an earlier run)" if earlier else ""
        self.stdout.write(f"{done} {word}{before}, {known} on record already, {refused} refused.")
        if not run:
            self.stdout.write("Nothing was changed; add --run to import.")
