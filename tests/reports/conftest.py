from tests.dossiers.conftest import cast, edition

__all__ = ["cast", "edition"]
