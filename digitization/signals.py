"""What this app tells the apps above. Each signal is sent within the transaction of its cause."""

from django.dispatch import Signal

# A scan's derivatives and text are there. Arguments: file (StoredFile; `file.scan.text_folded` is the searchable text).
# Sent once a finished recognition; a receiver that fails undoes the finish, and the scan is done again.
document_ready = Signal()

# A scan was given up. Arguments: file (StoredFile), reason (code; `scans.reason_sentence(code)` says it in words).
document_parked = Signal()

# A person decided that a file which could not be read is used as it came. Arguments: file, actor, at.
document_skipped = Signal()

# A resumable upload has arrived whole. Arguments: file (StoredFile), purpose (text the uploader's page gave), actor.
# A receiver that has no place for it raises uploads.UploadRefused; the file is then not kept.
upload_completed = Signal()

# A paper of a stack is to be filed. Arguments: file (StoredFile of the slot's owner), slot (slots.Slot), actor, at.
# A receiver whose record has no such place raises uploads.UploadRefused; the paper then waits in the tray.
paper_scanned = Signal()
