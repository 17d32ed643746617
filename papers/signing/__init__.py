"""Electronic signatures, whatever is signed: whose key signs, whom we trust, what a signature is worth in words, and
signing data (XML). How a PDF is signed and read is `digitization.signing`."""
