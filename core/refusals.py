"""Why an act was not done, as a sentence for the person who tried."""

from django.utils.functional import Promise


class Refused(Exception):
    """The act was refused and nothing changed. `code` is for machines, `sentence` for people (lazily translated)."""

    def __init__(self, code: str, sentence: str | Promise, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class Stale(Refused):
    """Somebody else acted on the dossier first; the sentence says who and what."""


class NotAllowed(Refused):
    """The actor's post may not do this."""
