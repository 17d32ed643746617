"""A due date for a hypothetical start, explained day by day in both languages."""

import json
from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.clock import AFTERNOON_RULE
from vietnam import working_time


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("start", help="for example 2026-11-23T09:10")
        parser.add_argument("amount", help="for example 5 or 0.25")
        parser.add_argument("unit", choices=[str(unit) for unit in working_time.Unit])
        parser.add_argument("--agency", help="code of an agency; the provincial centre unless given")
        parser.add_argument("--received-after-rule", action="store_true", help="after 15:00 counts from the next day")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, start: str, amount: str, unit: str, **options: Any) -> None:
        try:
            moment = parse_datetime(start)
            period = working_time.Period(Decimal(amount), working_time.Unit(unit))
        except (ValueError, InvalidOperation) as error:
            raise CommandError(f"{amount} {unit} from {start} cannot be counted: {error}") from error
        if moment is None:
            raise CommandError(f"{start} is no moment; write it as 2026-11-23T09:10.")
        due = working_time.due(
            calendar_of(self._agency(options["agency"])),
            timezone.make_aware(moment) if timezone.is_naive(moment) else moment,
            period,
            after_hour_rule=AFTERNOON_RULE if options["received_after_rule"] else None,
        )
        if options["json"]:
            self.stdout.write(json.dumps(working_time.to_json(due), ensure_ascii=False, indent=2))
            return
        for language in ("vi", "en"):
            self.stdout.write("\n".join(working_time.describe(due, language)) + "\n")

    def _agency(self, code: str | None) -> Agency:
        agencies = Agency.objects.filter(valid_to__isnull=True).select_related("calendar")
        found = agencies.filter(code=code) if code else agencies.filter(kind=Agency.Kind.PROVINCIAL_CENTRE)
        agency = found.order_by("id").first()
        if agency is None:
            raise CommandError(
                f"There is no agency {code}." if code else "There is no province yet: run manage.py load_province."
            )
        return agency
