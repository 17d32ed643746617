"""`manage.py day_roots`: the signed roots, one JSON object a line, to be kept outside."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from journal import sealing
from journal.models import DayRoot


class Command(BaseCommand):
    help = "Print the signed root of every day; keep the lines where nobody of this installation can change them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="from this day on (2026-11-29)")
        parser.add_argument("--close-today", action="store_true", help="seal what there is and sign today first")

    def handle(self, *_args: Any, since: date | None = None, close_today: bool = False, **_options: Any) -> None:
        now = timezone.now()
        if close_today:
            sealing.close_days(at=now)
            sealing.close_day(at=now, even_today=True)
        roots = DayRoot.objects.order_by("day")
        for root in roots.filter(day__gte=since) if since else roots:
            self.stdout.write(json.dumps(root.published(), ensure_ascii=False))
