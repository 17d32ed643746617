"""Which record references name records of this app, and what is answered about their files, papers and payments."""

from core.references import existing_by, register_answers, register_records
from digitization.permissions import FileRules
from dossiers.access import record_reference
from dossiers.correspondence import feedback, messages
from dossiers.custody import permissions as custody
from dossiers.fees.payable import PAYABLE
from dossiers.filing import upload_targets
from dossiers.letters import register
from dossiers.letters.access import may_read_paper
from dossiers.lifecycle.retention import lists
from dossiers.registers import may_read as may_read_register
from papers.permissions import PaperRules

DOSSIER = record_reference.PREFIX


def register_references() -> None:
    register_records(DOSSIER, existing_by("dossiers.Dossier", "uid"))
    register_answers(DOSSIER, FileRules(record_reference.may_read_file, upload_targets.may_add_to_draft))
    register_answers(DOSSIER, PaperRules(may_read_paper))
    register_answers(DOSSIER, PAYABLE)
    for prefix, model, may_use in (
        (upload_targets.ANSWER, "dossiers.SupplementRequest", upload_targets.may_use_answer),
        (upload_targets.INTAKE, "agencies.Desk", upload_targets.may_use_intake),
        (upload_targets.MESSAGE, "dossiers.Dossier", messages.may_use_upload),
    ):
        register_records(prefix, existing_by(model, "id"))
        register_answers(prefix, FileRules(may_use, may_use))
    upload_targets.register_waiting_places()
    register_records(feedback.PREFIX, existing_by("dossiers.Feedback", "id"))
    register_answers(feedback.PREFIX, FileRules(feedback.may_read_file))
    register_records(custody.PAPER_PREFIX, existing_by("dossiers.HandOver", "uid"))
    register_answers(custody.PAPER_PREFIX, PaperRules(custody.may_read_record))
    register_records(lists.PREFIX, existing_by("dossiers.DestructionList", "uid"))
    register_answers(lists.PREFIX, PaperRules(lists.may_read_certificate))
    register_records(register.FORM.key, existing_by("papers.PaperRun", "uid"))
    register_answers(register.FORM.key, PaperRules(may_read_register))
