"""What the open pages of a filing keep of themselves until it is sent; the declaration itself is the dossier's."""

from django.db import models

from dossiers.models.case import Dossier
from dossiers.models.states import State

# An applicant writes on pages of their own while the dossier is one of these.
WRITTEN_IN = (State.DRAFT, State.SUPPLEMENT)


class OpenPages(models.Model):
    """One row for a draft, or for a dossier whose supplement is being answered. It ends when that is sent.

    A section is a page of the filing, or the answer to a supplement (`dossiers.filing.open_pages`).
    """

    dossier = models.OneToOneField(Dossier, models.CASCADE, primary_key=True, related_name="pages")
    done = models.JSONField(default=list)  # sections that were saved by their button
    typed = models.JSONField(default=dict)  # {section: {field: text}}, unjudged; gone once the section is saved
    saves = models.JSONField(default=dict)  # {section: how often it was saved, by itself too}
    writers = models.JSONField(default=dict)  # {section: word of the tab that saved it last}

    def __str__(self) -> str:
        return f"pages of {self.dossier_id}"
