"""What a live installation should have for its accounts; `manage.py check --deploy` says what it lacks."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import Info, Tags, register
from django.utils import timezone

from accounts.breached import breached_list

OLDEST = timedelta(days=400)


@register(Tags.security, deploy=True)
def breached_passwords_are_known(app_configs: Any, **_kw: Any) -> list[Info]:
    """Without a list, or with an old one, passwords that everybody knows are taken."""
    known = breached_list()
    if known is None:
        return [
            Info(
                f"There is no list of breached passwords at {settings.BREACHED_PASSWORDS}.",
                hint="See docs/security/passwords.md.",
                id="accounts.I001",
            )
        ]
    if timezone.now() - known.made_at > OLDEST:
        return [Info(f"The list of breached passwords is of {known.made_at:%d %B %Y}.", id="accounts.I002")]
    return []
