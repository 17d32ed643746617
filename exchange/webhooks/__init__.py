"""Webhooks: connected systems are told over HTTP what happens to the dossiers they may see (Standard Webhooks)."""
