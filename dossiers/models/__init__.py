"""The case and what belongs to it. `dossiers.lifecycle.perform` is the writer of a dossier's state."""

from dossiers.models.bulk import BulkItem, BulkRun
from dossiers.models.case import ENDED_STATES, OPEN_STATES, SUSPENDED, Dossier, FilingGround, ReturnMethod, State
from dossiers.models.correspondence import DossierMessage, Feedback, Rating
from dossiers.models.custody import Folder, FolderMove, HandOver, HandOverItem, Place
from dossiers.models.documents import DossierDocument, FurtherFile, SupplementRequest
from dossiers.models.history import Correction, DossierEvent, Participation
from dossiers.models.motion import Opinion, StepRun
from dossiers.models.timing import Crossing, DueDateChange, MovedDate, Pause, Recalendar
from dossiers.models.tracking import TrackingPin

__all__ = [
    "BulkItem",
    "BulkRun",
    "Correction",
    "Crossing",
    "Dossier",
    "DossierDocument",
    "DossierEvent",
    "DossierMessage",
    "DueDateChange",
    "ENDED_STATES",
    "Feedback",
    "FilingGround",
    "Folder",
    "FolderMove",
    "FurtherFile",
    "HandOver",
    "HandOverItem",
    "MovedDate",
    "OPEN_STATES",
    "Opinion",
    "Participation",
    "Pause",
    "Place",
    "Rating",
    "Recalendar",
    "ReturnMethod",
    "SUSPENDED",
    "State",
    "StepRun",
    "SupplementRequest",
    "TrackingPin",
]
