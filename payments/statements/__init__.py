"""Bank statements: reading them, matching their lines, explaining the rest, closing the day."""
