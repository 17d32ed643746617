from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalConfig(AppConfig):
    name = "oss_portal"
    default = True  # beside other classes in this module, or Django takes none of them and nothing below runs

    def ready(self) -> None:
        # Tasks find the Celery application from here on; imported in the package itself it would cost every
        # start of the embedded servers half a second.
        from oss_portal import celery, deployment, outgoing  # noqa: F401

        outgoing.install()


class StaticFiles(StaticFilesConfig):
    """Collects what our pages load: of packages only the page that explores the API.

    Their other files (pages for browsing an API, second copies of htmx, another explorer) are nine tenths of all bytes,
    and each first start would compress them twice.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "account",
        "mfa",
        "rest_framework",
        "django_htmx",
        "redoc",
        "swagger-ui-es-bundle*",
        "oauth2-redirect*",
    ]
