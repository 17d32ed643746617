"""The rows of the life-cycle table, by what they are about."""
