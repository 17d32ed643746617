"""Routes from the tables of a province's decisions. The format is described in docs/routes.md."""
