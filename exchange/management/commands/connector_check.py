"""Tell an outside team in words where their endpoint is wrong: of webhooks, or with --specialised of software that
dossiers are pushed to. Nothing real is sent and nothing is kept.

The endpoint must know the secret of this check: name it with --secret, or take the one that is printed.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from core.refusals import Refused
from exchange.connectors.specialised.conformance import check_endpoint
from exchange.connectors.specialised.systems import checked_address as specialised_address
from exchange.specialised_mapping import EXAMPLE, read_rules
from exchange.webhooks.conformance import Finding, check_receiver
from exchange.webhooks.endpoints import checked_address, new_secret


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the address that receives webhooks")
        parser.add_argument("--secret", help="whsec_…; a new one is printed and waited for when not said")
        parser.add_argument(
            "--specialised",
            action="store_true",
            help="the address is specialised software's, its --secret a token; webhooks are not tried",
        )
        parser.add_argument("--mapping", type=Path, help="its mapping (YAML); the example's when not said")

    def handle(self, *args: Any, url: str, secret: str | None, **options: Any) -> None:
        with translation.override("en"):  # as this command's own words
            try:
                if options.get("specialised"):
                    rules = read_rules(_mapping_text(options.get("mapping")))
                    found = check_endpoint(specialised_address(url), secret or "", rules)
                    self._say(found, "The endpoint takes dossiers and tells of them as it should.")
                    return
                address = checked_address(url)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            if secret is None:
                secret = new_secret()
                self.stdout.write(f"Let the endpoint verify with {secret}, then press Enter.")
                input()
            elif not _is_signing_secret(secret):
                raise CommandError(
                    "The secret of a webhook is whsec_ and base 64 after it; without --secret one is made here."
                )
            self._say(check_receiver(address, secret), "The endpoint receives webhooks as it should.")

    def _say(self, findings: Iterator[Finding], good: str) -> None:
        """Each point in words. Raises CommandError when any is wrong."""
        wrong = 0
        for finding in findings:
            wrong += not finding.good
            self.stdout.write(f"{'good ' if finding.good else 'WRONG'}  {finding.tried}")
            if not finding.good:
                self.stdout.write(f"       {finding.advice}")
        if wrong:
            raise CommandError(f"{wrong} of these points must be mended before this endpoint is connected.")
        self.stdout.write(good)


def _mapping_text(file: Path | None) -> str:
    """Raises CommandError for a file that cannot be read."""
    if file is None:
        return EXAMPLE
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The mapping {file} cannot be read as a text in UTF-8: {error}") from error


def _is_signing_secret(secret: str) -> bool:
    try:
        Webhook(secret)
    except (ValueError, EmptyWebhookSecretError):
        return False
    return secret.startswith("whsec_")
