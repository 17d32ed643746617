"""A due date for a hypothetical start, explained day by day in both languages."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from agencies.calendars import NoCalendarDays, calendar_of
from agencies.models import Agency
from dossiers.deadlines.clock import AFTERNOON_RULE
from vietnam import working_time

_UNITS = ", ".join(working_time.Unit)


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{text} is no moment; write it as 2026-11-23T09:10.")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _period(amount: str, unit: str) -> working_time.Period:
    if unit not in list(working_time.Unit):
        raise CommandError(f"{unit} is no unit; choose one of {_UNITS}.")
    try:
        number = working_time.parse_amount(amount)
    except working_time.InvalidPeriod as error:
        raise CommandError(f"{amount} is no number; write it as 5 or 0.25.") from error
    try:
        return working_time.Period(number, working_time.Unit(unit))
    except working_time.InvalidPeriod as error:
        raise CommandError(f"{amount} {unit} is no limit: {error}.") from error


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("start", help="for example 2026-11-23T09:10")
        parser.add_argument("amount", help="for example 5 or 0.25")
        parser.add_argument("unit", help=_UNITS)
        parser.add_argument("--agency", help="code of an agency; the provincial centre unless given")
        parser.add_argument("--received-after-rule", action="store_true", help="after 15:00 counts from the next day")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, start: str, amount: str, unit: str, **options: Any) -> None:
        moment, period = _moment(start), _period(amount, unit)
        try:
            due = working_time.due(
                calendar_of(self._agency(options["agency"])),
                moment,
                period,
                after_hour_rule=AFTERNOON_RULE if options["received_after_rule"] else None,
            )
        except (working_time.OutsideCalendar, NoCalendarDays) as error:
            raise CommandError(
                f"{amount} {unit} from {start} runs beyond the days that the agency's calendar has; choose a nearer"
                " date or a shorter limit."
            ) from error
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
