"""Fetch the national catalogue over the connection to the national portal, and import it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exchange.connectors.national import transport
from exchange.connectors.national.catalogue import fetch_catalogue
from journal.outgoing_calls import CallFailed
from procedures.importing.extract import UnreadableExtract


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", help="only these procedures; all that the portal lists when not said")
        parser.add_argument("--by", default="fetch_catalogue", help="who imports, as the journal shows it")

    def handle(self, *args: Any, codes: list[str], by: str, **options: Any) -> None:
        if not transport.is_configured():
            raise CommandError("Set NATIONAL_URL, NATIONAL_USERNAME and NATIONAL_PASSWORD first.")
        try:
            fetched = fetch_catalogue(at=timezone.now(), by=by, only=codes or None)
        except (CallFailed, transport.ServiceRefused, UnreadableExtract) as failure:
            raise CommandError(f"The national portal gives no catalogue: {failure}. Try again later.") from failure
        for part, counts in fetched.run.counts.items():
            self.stdout.write(f"{part}: " + ", ".join(f"{name} {number}" for name, number in counts.items()))
        if fetched.missing:
            self.stdout.write(f"Did not come, ask again: {' '.join(fetched.missing)}")
