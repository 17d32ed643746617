"""Which rows web and workers may delete, and why: every other row stays, whatever a page or slipped-in SQL asks for.

Rights for the web's role (`journal.roles`, granted with every migration). A model that promises to keep its rows
(`journal.kept.Kept`) is never here; `Kept(may_go=True)` and several tables below have a trigger besides that lets a row
go only from a dossier without a code, and only a version that nobody decided on.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.apps import apps

DELETED: Mapping[str, str] = MappingProxyType(
    {
        # Who is signed in, and by what
        "sessions.Session": "signed out or pruned",
        "accounts.AccountSession": "signed out",
        "accounts.OneTimeCode": "pruned once void",
        "accounts.FormerNumber": "of a person who is erased",
        "mfa.Authenticator": "taken away by its owner or by two administrators",
        "dossiers.TrackingPin": "over after half an hour",
        "exchange.AccessToken": "over, or its system's secret was renewed",
        # Work that is done
        "journal.OutboxMessage": "pruned once delivered",
        "journal.IdempotencyKey": "pruned",
        "journal.OutgoingCall": "pruned",
        "exchange.WebhookMessage": "pruned once it arrived",
        "notices.Notice": "not sent yet, of a dossier that is destroyed",
        # Drafts: a trigger keeps what was decided on
        "papers.PaperTemplate": "a draft version",
        "notices.Wording": "a draft version",
        "reports.FormTemplate": "a draft version",
        "procedures.CompetenceChange": "a draft version",
        "procedures.Questionnaire": "a draft version",
        "procedures.RetentionPeriod": "a draft version",
        "procedures.Route": "a draft version",
        "dossiers.DestructionList": "a draft version",
        "dossiers.AgencyChange": "a draft version",
        "dossiers.DestructionItem": "taken off a draft list",
        "procedures.Term": "read anew from a draft edition's facts",
        "procedures.FeeLine": "read anew from a draft edition's facts",
        "procedures.RequiredDocument": "read anew from a draft edition's facts",
        "dossiers.HandOver": "given up before it was confirmed",
        "dossiers.HandOverItem": "taken off before it was confirmed",
        # A draft dossier, or one moved in by mistake: triggers keep what hangs on a code
        "dossiers.Dossier": "a draft that its writer deleted",
        "dossiers.DossierDocument": "a line of a draft",
        "dossiers.FurtherFile": "another file was chosen for its line",
        "dossiers.SupplementRequest": "of a dossier moved in by mistake",
        "dossiers.OtherCode": "of a dossier moved in by mistake",
        "dossiers.OpenPages": "pages of a draft that were closed",
        # Made from other rows
        "dossiers.Involvement": "written anew by its trigger",
        "dossiers.Tally": "counted anew",
        "dossiers.TallyChange": "folded into the tallies",
        "digitization.Scan": "of a file that is erased",
        "digitization.ScanPage": "of a file that is read again",
        "digitization.Derivative": "made anew, or of a file that is erased",
        "digitization.IncomingUpload": "finished, given up or abandoned",
        # Settings that are lists
        "agencies.OfficeHours": "hours written anew",
        "agencies.CalendarDay": "a day that is an ordinary one again",
        "procedures.Competence": "a row that a confirmed change takes out",
        "procedures.LifeEvent_procedures": "no longer among an event's procedures",
        "reports.SavedView": "deleted by whoever saved it",
        "exchange.MovingBatch": "not in force",
        "exchange.MovingRow": "of a batch that is not in force; pruned",
    }
)


def deletable_tables() -> frozenset[str]:
    """The tables of `DELETED`."""
    return frozenset(apps.get_model(name)._meta.db_table for name in DELETED)
