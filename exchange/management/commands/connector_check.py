"""Tell an outside team in words where their webhook endpoint is wrong. Nothing real is sent and nothing is kept.

The endpoint must know the secret of this check: name it with --secret, or take the one that is printed.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refused
from exchange.webhooks.conformance import check_receiver
from exchange.webhooks.endpoints import checked_address, new_secret


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the address that receives webhooks")
        parser.add_argument("--secret", help="whsec_…; a new one is printed and waited for when not said")

    def handle(self, *args: Any, url: str, secret: str | None, **options: Any) -> None:
        try:
            address = checked_address(url)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if secret is None:
            secret = new_secret()
            self.stdout.write(f"Let the endpoint verify with {secret}, then press Enter.")
            input()
        wrong = 0
        for finding in check_receiver(address, secret):
            wrong += not finding.good
            self.stdout.write(f"{'good ' if finding.good else 'WRONG'}  {finding.tried}")
            if not finding.good:
                self.stdout.write(f"       {finding.advice}")
        if wrong:
            raise CommandError(f"{wrong} of these points must be mended before this endpoint is connected.")
        self.stdout.write("The endpoint receives webhooks as it should.")
