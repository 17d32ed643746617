from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from digitization import owners as file_owners
        from dossiers import ownership, payable, permissions, receivers, telling  # noqa: F401
        from dossiers.letters.access import may_read_paper
        from papers import owners as paper_owners

        file_owners.register(ownership.PREFIX, ownership.may_read_file)
        paper_owners.register(ownership.PREFIX, may_read_paper)
