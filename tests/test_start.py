"""What must hold in every process from its start, whichever way it was started."""

from django.apps import apps

from oss_portal.apps import PortalConfig


def test_the_portals_own_start_runs():
    """It connects tasks with the broker and keeps connections to where they are allowed (`oss_portal.outgoing`)."""
    assert type(apps.get_app_config("oss_portal")) is PortalConfig
