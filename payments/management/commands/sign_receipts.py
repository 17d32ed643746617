"""Signs the receipts that are still unsigned: run it when an agency's certificate has been installed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.refusals import Refused
from payments import receipt_signatures
from payments.models import Receipt


class Command(BaseCommand):
    help = "Sign receipts that have no signature yet, where their agency has a key"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", default="", help="code of one agency; all of them when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        unsigned = Receipt.objects.filter(signature=None).order_by("id")
        if options["agency"]:
            unsigned = unsigned.filter(agency_code=options["agency"])
        signed, refused, without_key = 0, dict[str, str](), set[str]()
        for receipt in unsigned.iterator(chunk_size=500):
            code = receipt.agency_code
            if code in refused or code in without_key:
                continue
            if not receipt_signatures.has_certificate(receipt):
                without_key.add(code)
                continue
            try:
                receipt_signatures.sign_receipt(receipt, at=timezone.now())
                signed += 1
            except Refused as refusal:  # the same for every receipt of the agency
                refused[code] = str(refusal)
        self.stdout.write(f"{signed} signed")
        for code, sentence in sorted(refused.items()):
            self.stderr.write(f"{code}: {sentence}")
        if without_key:
            self.stdout.write(f"no key for: {', '.join(sorted(without_key))}")
