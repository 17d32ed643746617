"""Electronic signatures on PDF (PAdES): whose key signs, how a file is signed, what a signature is worth."""
