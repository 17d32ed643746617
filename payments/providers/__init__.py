"""Providers of payments: one folder each, named in `registry`."""
