"""A paper scanned after it was handed in becomes a file of its line of the checklist, at any time."""

from django.utils.translation import gettext as _

from core.refusals import Refused
from digitization.models import RegisteredDocument
from dossiers.filing.paper_files import refuse_secret, set_files
from dossiers.lifecycle.transitions import Action
from dossiers.models import DossierDocument


def file_scan(action: Action) -> None:
    """Put the scan on its line; a line that has a file keeps it, and the scan gets a line of the same name beside it.

    Without a line it is another paper of the dossier. How many sheets were handed in stays as it was counted.
    """
    dossier, scan, key = action.dossier, action.inputs["scan"], str(action.inputs.get("paper") or "")
    lines = dossier.documents.exclude(kind=DossierDocument.Kind.RESULT).select_related("required_document")
    line = lines.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if key and line is None:
        raise Refused("no_place", _("Hồ sơ không có giấy tờ này. Hãy chọn giấy tờ khác của hồ sơ."))
    if line is not None:
        refuse_secret(line.required_document)
    if line is not None and line.file_id is None:
        line.file, line.later, line.added_at = scan, False, action.at
        line.save(update_fields=["file", "later", "added_at"])
    else:
        line = DossierDocument.objects.create(
            dossier=dossier,
            kind=line.kind if line else DossierDocument.Kind.OTHER,
            required_document=line.required_document if line else None,
            position=line.position if line else 1000,
            name=line.name if line else scan.name,
            file=scan,
            added_at=action.at,
        )
    action.recorded["papers"] = [{"name": line.name, "scanned": True, "file": str(scan.pk)}]


def replace_scan(action: Action) -> None:
    """Put a new version of a file in the old one's place, on its line and in the register; the old file is kept."""
    version = action.inputs["scan"]
    lines = action.dossier.documents.exclude(kind=DossierDocument.Kind.RESULT).prefetch_related("further__file")
    for line in lines.select_related("file"):
        files = line.files
        if version.version_of in files:
            set_files(line, [version if file == version.version_of else file for file in files])
            RegisteredDocument.objects.filter(file=version.version_of).update(file=version)
            action.recorded["papers"] = [
                {"name": line.name, "scanned": True, "file": str(version.pk), "was": str(version.version_of_id)}
            ]
            return
    raise Refused("no_place", _("Hồ sơ không còn tệp này. Hãy tải lại trang."))
