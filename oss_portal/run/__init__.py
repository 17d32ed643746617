"""`make run`: the whole portal on one machine, from nothing to an address, and back to nothing on Ctrl-C."""
