"""The files of one paper, in order: pages photographed one by one, put right, and made one PDF."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from digitization import photos, scans, uploads
from digitization.models import StoredFile
from dossiers.models import DossierDocument, FurtherFile
from procedures.models import RequiredDocument

MOST_FILES = 30  # of one paper
Line = tuple[DossierDocument, Sequence[StoredFile]]  # a paper with its files in their order


def set_files(line: DossierDocument, files: Sequence[StoredFile]) -> None:
    """Give the paper these files in this order. The caller holds a lock on its dossier. Raises Refused."""
    if len(files) > MOST_FILES:
        raise Refused("too_many_files", too_many_sentence())
    if files:
        refuse_secret(line.required_document)
    line.file = files[0] if files else None
    line.later = line.later and not files
    line.save(update_fields=["file", "later"])
    line.further.all().delete()
    FurtherFile.objects.bulk_create(
        FurtherFile(document=line, file=file, position=place) for place, file in enumerate(files[1:], start=1)
    )


def add_lines(lines: Sequence[Line]) -> None:
    """Write new papers with their files, however many, in the same few statements. Raises Refused."""
    if any(len(files) > MOST_FILES for _line, files in lines):
        raise Refused("too_many_files", too_many_sentence())
    for line, files in lines:
        if files:
            refuse_secret(line.required_document)
        line.file = files[0] if files else None
    DossierDocument.objects.bulk_create(line for line, _files in lines)
    FurtherFile.objects.bulk_create(
        FurtherFile(document=line, file=file, position=place)
        for line, files in lines
        for place, file in enumerate(files[1:], start=1)
    )


def refuse_secret(paper: RequiredDocument | None) -> None:
    """A secret paper has no electronic form (Law on State Secrets). Raises Refused."""
    if paper is not None and paper.secret:
        said = _("“%(name)s” là giấy tờ mật, không được số hóa. Hãy nộp bản giấy trong phong bì niêm phong.")
        raise Refused("secret_paper", said % {"name": paper.name}, field=f"file_{paper.key}")


def too_many_sentence() -> str:
    return _("Mỗi giấy tờ nhận tối đa %(most)s tệp. Hãy ghép các ảnh thành một tệp PDF.") % {"most": MOST_FILES}


def move_file_up(line: DossierDocument, file: StoredFile) -> None:
    """Put a file one place further to the front; the first one stays where it is."""
    files = line.files
    place = files.index(file)
    if place:
        files[place - 1], files[place] = file, files[place - 1]
        set_files(line, files)


def photos_of(line: DossierDocument) -> list[StoredFile]:
    """The files that can be made one PDF."""
    return [file for file in line.files if file.media_type in photos.PHOTOS]


def join_photos_of(line: DossierDocument, *, name: str, by: Actor) -> StoredFile:
    """Make one PDF of the paper's photos, a page each in their order, in the place of the first of them.

    The photos are taken back; other files stay. The caller holds a draft. Raises Refused, uploads.UploadRefused.
    """
    found = photos_of(line)
    if len(found) < 2:
        raise Refused("no_photos", _("Cần ít nhất hai ảnh để ghép thành một tệp PDF."))
    whole = photos.join_photos(found, name, found[0].owner, by)
    kept = [whole if file == found[0] else file for file in line.files if file == found[0] or file not in found]
    set_files(line, kept)
    for file in found:
        uploads.discard_file(file)
    scans.queue_scan(whole)
    return whole
