"""Outside services as small HTTP programs, for demonstration and tests. They share no code with the portal."""
