"""Dossiers whose time of keeping is over: which they are, the lists that two people decide on, and their end."""
