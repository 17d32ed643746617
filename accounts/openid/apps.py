from django.apps import AppConfig


class OpenIDConfig(AppConfig):
    name = "accounts.openid"
    label = "openid"

    def ready(self) -> None:
        from accounts.openid import checks  # noqa: F401 - registers them
