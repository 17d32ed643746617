"""List the dossiers whose time of keeping is over, by agency and period; nothing is changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from agencies.models import Agency
from dossiers.lifecycle.retention import due


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agency", help="only of the agency with this code")

    def handle(self, *args: Any, agency: str | None = None, **options: Any) -> None:
        agencies = Agency.objects.all() if agency is None else Agency.objects.filter(code=agency)
        at, periods, number = timezone.now(), due.Periods(), 0
        rows = due.due_dossiers(agencies, at).select_related("edition__procedure", "settling_agency").order_by("pk")
        for dossier in rows.defer("search_vector", "answers", "edition__facts").iterator(chunk_size=500):
            period = periods.of(dossier)
            number += 1
            self.stdout.write(
                "\t".join(
                    (
                        dossier.code or str(dossier.uid),
                        dossier.settling_agency.name if dossier.settling_agency else "",
                        dossier.edition.procedure.code,
                        timezone.localdate(dossier.ended_at).isoformat(),
                        str(period.years if period else ""),
                        period.ground if period else "",
                    )
                )
            )
        self.stderr.write(f"{number} due")
