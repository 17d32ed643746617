"""A receipt as data: the content that Decree 123/2020 as amended by 70/2025 wants of one, in XML.

The authority's own exchange format for receipts is not known to us; the names here are ours, the content is the
decree's: what receipt it is, form symbol, serial, seven-digit number, who collects with its tax code, who pays, the
fees by name, the sum in figures and words, the date, and what it adjusts. The collector's signature stands beside the
content in the same file (`payments.receipt_signatures`).
"""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from lxml import etree

from payments.models import Receipt
from payments.receipts import payment_of, receipt_content

NAMESPACE = "urn:oss-portal:receipt:1"
CONTENT = "content"  # the `Id` of the part that is signed


def receipt_document(receipt: Receipt) -> etree._Element:
    """`<Receipt><Content Id="content">…`; amounts in whole đồng, negative for one that adjusts downwards."""
    document = etree.Element(f"{{{NAMESPACE}}}Receipt", nsmap={None: NAMESPACE})
    content = etree.SubElement(document, f"{{{NAMESPACE}}}Content", Id=CONTENT)
    _append(content, _facts(receipt))
    return document


def _append(parent: etree._Element, facts: dict[str, Any]) -> None:
    """Children in the order of `facts`: a dict nests, a list repeats its name, what is None is left out."""
    for name, value in facts.items():
        for each in value if isinstance(value, list) else [value]:
            if each is None:
                continue
            child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if isinstance(each, dict):
                _append(child, each)
            else:
                child.text = "".join(_characters(str(each)))


def _characters(text: str) -> Iterator[str]:
    """What XML 1.0 may hold: a payer's name may bring a control character along."""
    return (letter for letter in text if letter in "\t\n\r" or " " <= letter <= "\ud7ff" or letter >= "\ue000")


def _facts(receipt: Receipt) -> dict[str, Any]:
    payment, content = payment_of(receipt), receipt_content(receipt)
    adjusted = receipt.adjusts
    return {
        "Title": content["title"],
        "Kind": receipt.kind,
        "FormSymbol": receipt.form_symbol or None,
        "Serial": receipt.serial or None,
        "Number": receipt.number,
        "IssuedAt": timezone.localtime(receipt.issued_at).isoformat(timespec="seconds"),
        "Collector": {
            "Name": content["agency"],
            "TaxCode": content["tax_code"] or None,
            "Person": content["collector"],
        },
        "Payer": {"Name": payment.charge.payer_name},
        "Line": [
            {
                "Name": line["name"],
                "Kind": line.get("kind") or None,
                "Quantity": line.get("quantity") or 1,
                "UnitAmount": line.get("unit_amount"),
                "Amount": line["amount"],
            }
            for line in ([] if adjusted else payment.charge.lines)
        ],
        "Amount": content["amount"],
        "AmountInWords": content["amount_in_words"],
        "Currency": "VND",
        "Method": payment.method,
        "Adjusts": {
            "FormSymbol": adjusted.form_symbol or None,
            "Serial": adjusted.serial or None,
            "Number": adjusted.number,
            "Ground": receipt.ground,
        }
        if adjusted
        else None,
    }
