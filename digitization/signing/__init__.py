"""Electronic signatures on PDF (PAdES): how a file is signed, what its signatures are worth. Keys: `papers.signing`."""
