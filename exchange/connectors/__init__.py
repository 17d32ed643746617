"""Connectors to other systems: one folder each, with its options, transport and mapping."""
