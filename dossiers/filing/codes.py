"""The dossier's official code: competent agency, day, serial of that agency and day.

Circular 03/2025/TT-VPCP art. 13; the form for provincial systems is inferred from the one for central systems.
"""

from datetime import datetime

from django.utils import timezone

from agencies.models import Agency
from journal.series import next_number


def next_code(agency: Agency, *, at: datetime) -> str:
    """A new code such as ``H05.160-261123-0001``. At least four digits, longer if needed. Within a transaction."""
    stem = f"{agency.code}-{timezone.localtime(at):%y%m%d}"
    return f"{stem}-{next_number(f'dossier:{stem}'):04d}"
