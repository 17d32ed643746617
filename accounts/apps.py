from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import checks, policies, sessions  # noqa: F401 (checks; who may do what; where accounts are signed in)
        from core.references import existing_by, register_records

        for prefix, model in (
            ("account", "Account"),
            ("person", "Person"),
            ("post", "StaffPost"),
            ("authorisation", "Authorisation"),
        ):
            register_records(prefix, existing_by(f"accounts.{model}", "id"))
