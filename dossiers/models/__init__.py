"""The case and what belongs to it. `dossiers.lifecycle.execute_transition` is the writer of a dossier's state."""

from dossiers.models.bulk import BulkItem, BulkRun
from dossiers.models.case import Dossier, FilingGround, ReturnMethod
from dossiers.models.correspondence import DossierMessage, Feedback, Rating
from dossiers.models.custody import Folder, FolderMove, HandOver, HandOverItem, Place
from dossiers.models.documents import DossierDocument, FurtherFile, SupplementRequest
from dossiers.models.history import Correction, DossierEvent, Participation
from dossiers.models.involvement import CLOSED_STATES, OFFICE_KINDS, WORK_KINDS, Involvement
from dossiers.models.motion import JUDGED, RETURN_STEP, Opinion, StepRun, UnopenedLink
from dossiers.models.openings import CaseOpening
from dossiers.models.pages import WRITTEN_IN, OpenPages
from dossiers.models.reorganisation import AgencyChange, MovedDossier
from dossiers.models.retention import LARGEST_LIST, DestructionItem, DestructionList
from dossiers.models.routes import PlannedRoute, store_routes
from dossiers.models.states import (
    ENDED_STATES,
    OPEN_STATES,
    RUNNING_STATES,
    WAITING_STATES,
    AlertKind,
    DueGround,
    Outcome,
    PauseReason,
    State,
    Substate,
    Wait,
)
from dossiers.models.tallies import Tally, TallyChange
from dossiers.models.timing import DeadlineAlert, DeadlineRecalculation, DueDateChange, MovedDate, Pause
from dossiers.models.tracking import OtherCode, TrackingPin

__all__ = [
    "AgencyChange",
    "AlertKind",
    "BulkItem",
    "BulkRun",
    "CLOSED_STATES",
    "CaseOpening",
    "Correction",
    "DeadlineAlert",
    "DestructionItem",
    "DestructionList",
    "Dossier",
    "DossierDocument",
    "DossierEvent",
    "DossierMessage",
    "DueDateChange",
    "DueGround",
    "ENDED_STATES",
    "Feedback",
    "FilingGround",
    "Folder",
    "FolderMove",
    "FurtherFile",
    "HandOver",
    "HandOverItem",
    "Involvement",
    "LARGEST_LIST",
    "MovedDate",
    "MovedDossier",
    "OFFICE_KINDS",
    "OPEN_STATES",
    "OpenPages",
    "Opinion",
    "OtherCode",
    "Outcome",
    "Participation",
    "Pause",
    "PauseReason",
    "Place",
    "PlannedRoute",
    "RUNNING_STATES",
    "Rating",
    "DeadlineRecalculation",
    "ReturnMethod",
    "State",
    "StepRun",
    "Substate",
    "SupplementRequest",
    "Tally",
    "TallyChange",
    "TrackingPin",
    "UnopenedLink",
    "WAITING_STATES",
    "WORK_KINDS",
    "WRITTEN_IN",
    "Wait",
    "store_routes",
    "JUDGED",
    "RETURN_STEP",
]
