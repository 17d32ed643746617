"""What the numbers say. Reports read dossiers and never write to them."""
