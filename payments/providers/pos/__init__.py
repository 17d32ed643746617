"""Cards at a counter: the terminal takes the money by itself, the cashier enters what it printed."""
