"""Whether an error means that the database does not answer at present, as opposed to having refused something."""

import psycopg
from django.db import InterfaceError, OperationalError

RETRY_SECONDS = 30  # when people and programs are asked to try again
# Lost or refused connections, shutting down, starting up, too many at once (PostgreSQL, appendix A).
_CLASSES = ("08", "57P", "53300")


def database_is_away(error: BaseException | None) -> bool:
    """Looks through causes, as template engines and transactions wrap what they meet."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, InterfaceError):
            return True
        if isinstance(error, OperationalError | psycopg.OperationalError):
            state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
            return state is None or state.startswith(_CLASSES)
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
