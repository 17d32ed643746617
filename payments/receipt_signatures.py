"""The agency's signature on a receipt's data: made once by a worker after the receipt is numbered, kept as it was made.

The key is the agency's, found as for every signature (`papers.signing.keys`). A receipt of an agency without one stays
unsigned and is said to be; `manage.py sign_receipts` signs those when the key has come.
"""

from datetime import datetime

from lxml import etree

from papers.signing.data import sign_data, validate_data
from papers.signing.keys import KeyName, has_key
from papers.signing.verdicts import SignatureVerdict
from payments.electronic_receipts import CONTENT, receipt_document
from payments.models import Receipt, ReceiptSignature
from payments.receipts import receipt_content


def has_certificate(receipt: Receipt) -> bool:
    """Whether the agency that collected can sign here at all."""
    return has_key(KeyName.of_agency(receipt.agency_code, ""))


def sign_receipt(receipt: Receipt, *, at: datetime) -> ReceiptSignature:
    """The signature of the receipt, made now unless it has been; callers at the same time get the same one.

    Nothing is locked while the agency's device and those who prove the signature later are asked. Raises Refused: there
    is no key, it does not open, its certificate does not hold or was revoked, or nobody answers.
    """
    loaded = Receipt.objects.select_related("payment__charge", "adjusts__payment__charge").get(pk=receipt.pk)
    if made := ReceiptSignature.objects.filter(receipt=loaded).first():
        return made
    key = KeyName.of_agency(loaded.agency_code, receipt_content(loaded)["agency"])
    signed = sign_data(receipt_document(loaded), CONTENT, key, at=at)
    facts = {
        "content": signed.content,
        "signer": signed.signer[:200],
        "issuer": signed.issuer[:200],
        "signed_at": at,
    }
    return ReceiptSignature.objects.get_or_create(receipt=loaded, defaults=facts)[0]


def receipt_file(receipt: Receipt) -> tuple[bytes, bool]:
    """(the receipt as an XML file, whether it is signed)."""
    if signature := ReceiptSignature.objects.filter(receipt=receipt).first():
        return bytes(signature.content), True
    return etree.tostring(receipt_document(receipt), xml_declaration=True, encoding="UTF-8"), False


def validate_signature(signature: ReceiptSignature) -> SignatureVerdict:
    """What the signature is worth as of its making, which our own record and its time stamp know; nobody outside is
    asked. A certificate that was revoked later takes nothing from what it signed before."""
    return validate_data(bytes(signature.content), CONTENT, at=signature.signed_at)
