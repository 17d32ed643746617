"""What this app answers to the apps below."""

from typing import Any

from django.dispatch import receiver

from accounts.signals import warnings_wanted
from digitization import malware


@receiver(warnings_wanted, dispatch_uid="digitization.malware")
def warn_about_malware(**_said: Any) -> list[str]:
    return malware.warnings_for_administrators()
