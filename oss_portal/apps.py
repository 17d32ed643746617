from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "oss_portal"

    def ready(self) -> None:
        # Tasks find the Celery application from here on; imported in the package itself it would cost every
        # start of the embedded servers half a second.
        from oss_portal import celery, deployment, outgoing  # noqa: F401

        outgoing.install()
