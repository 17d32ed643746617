"""A receipt as data for the tax authority: the content that Decree 123/2020 as amended by 70/2025 wants of one.

The authority's own exchange format for receipts is not public; the names here are ours, the content is the decree's:
what receipt it is, form symbol, serial, seven-digit number, who collects with its tax code, who pays, the fees by name,
the sum in figures and words, the date, and what it adjusts. The collector's digital signature is not here: it belongs
to the service through which the agency sends its receipts, and the PDF bears none either.
"""

from typing import Any

from django.utils import timezone

from payments.models import Receipt
from payments.receipts import payment_of, receipt_content


def receipt_data(receipt: Receipt) -> dict[str, Any]:
    """Plain JSON of one receipt; amounts in whole đồng, negative for one that adjusts downwards."""
    payment = payment_of(receipt)
    content = receipt_content(receipt)
    adjusted = receipt.adjusts
    return {
        "title": content["title"],
        "form_symbol": receipt.form_symbol,
        "serial": receipt.serial,
        "number": receipt.number,
        "kind": receipt.kind,
        "issued_at": timezone.localtime(receipt.issued_at).isoformat(timespec="seconds"),
        "collector": {
            "name": content["agency"],
            "tax_code": content["tax_code"],
            "person": content["collector"],
        },
        "payer": {"name": payment.charge.payer_name},
        "lines": [
            {
                "name": line["name"],
                "kind": line.get("kind", ""),
                "quantity": line.get("quantity") or 1,
                "unit_amount": line.get("unit_amount"),
                "amount": line["amount"],
            }
            for line in ([] if adjusted else payment.charge.lines)
        ],
        "amount": content["amount"],
        "amount_in_words": content["amount_in_words"],
        "currency": "VND",
        "method": payment.method,
        "adjusts": {
            "form_symbol": adjusted.form_symbol,
            "serial": adjusted.serial,
            "number": adjusted.number,
            "ground": receipt.ground,
        }
        if adjusted
        else None,
    }
