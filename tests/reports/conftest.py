from tests.dossiers.conftest import cast, django_db_setup, edition

__all__ = ["cast", "django_db_setup", "edition"]
