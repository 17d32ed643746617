"""Separation of duties: which two parts of one matter nobody takes both, and the constraint that holds it.

Data for tests and for docs/security/duties.md (`manage.py list_duties`). The words in which people are refused stand
where each act is done; the constraints hold whatever way a row is written.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Duty:
    """Who did `first` does not do `second`. `model` (app.Model) carries the database constraint of that name, which
    compares people and not posts."""

    first: str
    second: str
    model: str
    constraint: str


DUTIES = (
    Duty("appraise a dossier", "approve or reject it", "dossiers.Participation", "appraises_or_decides"),
    Duty("ask for a correction of a dossier", "confirm it", "dossiers.Correction", "correction_by_a_second_person"),
    Duty("give folders", "take them", "dossiers.HandOver", "hand_over_two_people"),
    Duty("write or review an edition of a procedure", "approve it", "procedures.Edition", "edition_four_eyes"),
    Duty("write a route", "put it in force", "procedures.Route", "route_by_a_second_person"),
    Duty("write a questionnaire", "put it in force", "procedures.Questionnaire", "questionnaire_by_a_second_person"),
    Duty("change who is competent", "put it in force", "procedures.CompetenceChange", "competence_by_a_second_person"),
    Duty("say that data replace a paper", "approve it", "procedures.Replacement", "replacement_by_a_second_person"),
    Duty("propose to confirm facts", "judge them", "procedures.Confirmation", "confirmation_four_eyes"),
    Duty("propose an improvement", "decide on it", "procedures.Improvement", "improvement_four_eyes"),
    Duty("write a paper's wording", "put it in force", "papers.PaperTemplate", "template_by_a_second_person"),
    Duty(
        "write an official form's wording",
        "put it in force",
        "reports.FormTemplate",
        "form_template_by_a_second_person",
    ),
    Duty("write a notice's wording", "put it in force", "notices.Wording", "wording_by_a_second_person"),
    Duty(
        "set how long dossiers are kept",
        "put it in force",
        "procedures.RetentionPeriod",
        "retention_by_a_second_person",
    ),
    Duty(
        "plan to merge, split or end agencies",
        "put it in force",
        "dossiers.AgencyChange",
        "agency_change_by_a_second_person",
    ),
    Duty("draw up a list for destruction", "approve it", "dossiers.DestructionList", "destruction_by_a_second_person"),
    Duty("ask for a refund", "approve it", "payments.Refund", "refund_decided_by_another"),
    Duty("connect a system in a leader's place", "confirm it", "exchange.ConnectedSystem", "system_by_a_second_person"),
    Duty("ask to recover a second factor", "decide on it", "accounts.FactorRecovery", "recovery_by_two"),
)
