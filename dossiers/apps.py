from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import consequences
        from digitization import owners as file_owners
        from dossiers import (  # noqa: F401
            books,
            bulk,
            correspondence,
            keepers,
            ownership,
            paper_trail,
            payable,
            permissions,
            recalendar,
            receivers,
            telling,
            upload_places,
            usage,
        )
        from dossiers.letters import book
        from dossiers.letters.access import may_read_paper
        from papers import owners as paper_owners

        file_owners.register(ownership.PREFIX, ownership.may_read_file, upload_places.may_add_to_draft)
        for prefix, may_use in (
            (upload_places.ANSWER, upload_places.may_use_answer),
            (upload_places.INTAKE, upload_places.may_use_intake),
            (upload_places.MESSAGE, correspondence.may_use_upload),
        ):
            file_owners.register(prefix, may_use, may_use)
        paper_owners.register(ownership.PREFIX, may_read_paper)
        paper_owners.register(book.FORM.key, books.may_read)
        paper_owners.register(keepers.PAPER_PREFIX, keepers.may_read_record)
        consequences.register(recalendar.foresee)
