"""Take another system's dossiers in: stage a file, check it (the dry run), put it in force, withdraw or delete it.

    manage.py move_in stage FILE.jsonl --system NAME --mapping MAPPING.yaml [--files DIRECTORY]
    manage.py move_in check|force|delete NUMBER
    manage.py move_in withdraw NUMBER --reason TEXT
    manage.py move_in report NUMBER > report.csv

Each can be stopped at any moment and called again. docs/operators.md describes file and mapping.
"""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actors import Actor
from core.csv_files import safe_cell
from core.refusals import Refused
from exchange.models import MovingBatch, MovingRow
from exchange.moving_in import batches, report, work

BY = "Chuyển dữ liệu"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["stage", "check", "force", "withdraw", "delete", "report"])
        parser.add_argument("which", help="the file to stage; else the number of the batch")
        parser.add_argument("--system", default="", help="what the other system is called, in histories and for ever")
        parser.add_argument("--mapping", type=Path, help="YAML: our fields and their columns")
        parser.add_argument("--files", type=Path, help="directory in which the dossiers' files lie")
        parser.add_argument("--reason", default="", help="why the batch is withdrawn")

    def handle(self, *args: Any, what: str, which: str, **options: Any) -> None:
        by = Actor(system=BY, channel="command")
        try:
            if what == "stage":
                self._stage(Path(which), by, **options)
            else:
                self._do(what, self._batch(which), by, options["reason"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _stage(self, path: Path, by: Actor, *, system: str, mapping: Path | None, files: Path | None, **_: Any) -> None:
        if mapping is None:
            raise CommandError("Name the mapping: --mapping MAPPING.yaml")
        for place, good in ((path, path.is_file()), (mapping, mapping.is_file()), (files, not files or files.is_dir())):
            if not good:
                raise CommandError(f"{place} is not there.")
        try:
            fields = mapping.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise CommandError(f"{mapping} is not UTF-8.") from None
        batch = batches.stage_batch(
            path,
            system=system,
            mapping=fields,
            folder=str(files.resolve()) if files else "",
            by=by,
            at=timezone.now(),
        )
        self.stdout.write(f"Batch {batch.pk}: {batch.total} rows staged. Next: manage.py move_in check {batch.pk}")

    def _do(self, what: str, batch: MovingBatch, by: Actor, reason: str) -> None:
        if what == "report":
            return self._report(batch)
        if what == "delete":
            batches.delete_batch(batch, by=by)
            self.stdout.write("Deleted.")
            return None
        if what == "force" and batch.checked_at is None:
            raise CommandError("Check the whole file first, and read its report.")
        if what == "withdraw":
            batches.begin_withdrawal(batch, reason=reason, by=by)
            batch.refresh_from_db()
        while work.do_next(batch, what, by=by):
            self.stderr.write(".", ending="")
        counts = batches.counts_of(batch)
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items() if count) or "no rows")
        return None

    def _report(self, batch: MovingBatch) -> None:
        table = csv.writer(self.stdout)
        table.writerow(["row", "code", "state", "dossier", "problems", "notes"])
        rows = batches.rows_of(batch).defer("data").order_by("number")
        for row in rows.iterator(chunk_size=2000):
            said = ["; ".join(map(report.sentence_of, some)) for some in (row.problems, row.notes)]
            table.writerow(
                [row.number, *map(safe_cell, [row.code, MovingRow.State(row.state), str(row.dossier or ""), *said])]
            )

    def _batch(self, which: str) -> MovingBatch:
        batch = MovingBatch.objects.filter(pk=int(which) if which.isdecimal() else 0).first()
        if batch is None:
            raise CommandError(f"There is no batch {which}.")
        return batch
