"""Moving in: another system's dossiers read from a file, mapped by data, checked row by row, put in force, withdrawn.

`mapping.py` puts a row of the file into our words, `checking.py` finds everything it names or says what is wrong with
it, `batches.py` keeps the rows of a file with their report and writes the good ones (`dossiers.moving_in`).
"""
