"""Electronic signatures on results: of whoever decides, on what was decided; of the agency, when it is issued.

Both only append to the file: the approved draft stays in the signed one byte for byte, and keeps its own row.
"""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refused
from digitization import kinds, scans, uploads
from digitization.models import StoredFile
from digitization.signing.sign import sign_pdf, written_moment
from digitization.signing.stamps import Stamp
from dossiers.lifecycle.transitions import Action
from dossiers.models import DossierDocument
from papers import archival, blocks, layout
from papers.issuers import Issuer
from papers.signing.keys import KeyName
from vietnam.dates import format_date


def sign_decided(action: Action) -> None:
    """Effect of a decision, when it is to be signed: each result that it fixed gets the signature of who decides."""
    if not action.inputs.get("sign"):
        return
    post = action.by.post
    if post is None or action.by.connected_system:
        raise Refused(
            "not_by_a_system",
            _("Chỉ người có thẩm quyền ký số trên trang hồ sơ, hệ thống kết nối không ký thay."),
            field="sign",
        )
    key, signed = KeyName.of_person(post.account.username, post.account.full_name), []
    title = post.title or post.get_role_display()
    stamp = Stamp(
        [
            f"Người ký: {title}",
            key.holder,
            f"Cơ quan: {post.agency.name}",
            f"Thời gian ký: {written_moment(action.at)}",
        ],
        place="bottom",
        on_last_page=True,
    )
    decided = action.dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None)
    for result in decided.exclude(approved_digest="").select_related("file"):
        made = sign_pdf(_content_of(action, result), key, stamp)
        result.signed_file = _store(action, made, result)
        result.signer = key.holder[:150]
        result.save(update_fields=["signed_file", "signer"])
        signed.append({"name": result.name, "file": result.signed_file.sha256})
    action.recorded["signed"] = signed


def sealed_result(action: Action, result: DossierDocument, file: StoredFile) -> StoredFile:
    """The file of a result with the competent agency's signature, number and day in the mark. Raises Refused."""
    if action.by.post is None or action.by.connected_system:
        raise Refused(
            "not_by_a_system",
            _("Chỉ người có thẩm quyền ký số trên trang hồ sơ, hệ thống kết nối không ký thay."),
            field="seal",
        )
    agency = action.dossier.settler
    day = format_date(result.issued_on) if result.issued_on else ""
    stamp = Stamp(
        ["Cơ quan ký:", agency.name, f"Số: {result.number} ngày {day}", f"Thời gian ký: {written_moment(action.at)}"]
    )
    made = sign_pdf(_bytes_of(file), KeyName.of_agency(agency.code, agency.name), stamp)
    action.recorded.setdefault("sealed", []).append({"name": result.name, "agency": agency.code})
    return _store(action, made, result)


def _content_of(action: Action, result: DossierDocument) -> bytes:
    """The approved draft as a PDF; one that is only a text is set as an official paper."""
    if result.file is not None:
        return _bytes_of(result.file)
    agency = action.dossier.settler
    at = timezone.localtime(action.at)
    sheet = layout.Sheet(
        result.name.upper(), [blocks.paragraph(line) for line in result.text.splitlines() if line.strip()]
    )
    head = layout.Head(Issuer.of(agency), "", at)
    drawn = layout.render_pdf(sheet, head=head, code="", check_url="")
    return archival.finish_as_pdfa(drawn, title=result.name, author=agency.name, at=at)


def _bytes_of(file: StoredFile) -> bytes:
    if file.media_type != kinds.PDF:
        raise Refused(
            "not_signable",
            _("Chỉ ký số được tệp PDF, tệp “%(name)s” không phải PDF. Hãy đính kèm bản PDF.") % {"name": file.name},
        )
    with default_storage.open(file.storage_name) as opened:
        return bytes(opened.read())


def _store(action: Action, content: bytes, result: DossierDocument) -> StoredFile:
    name = f"{result.name[:100]} ({_('đã ký số')}).pdf"
    stored = uploads.store_file(ContentFile(content, name=name), name, action.dossier.reference, action.by)
    scans.queue_scan(stored, action.at)
    return stored
