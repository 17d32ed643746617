"""Facts of the country in pure Python: no framework, no database, no clock on the wall.

`text` folds and sorts Vietnamese, `identity` reads personal and tax numbers, `codes` reads the codes of
public services, `money` and `dates` write as people write, `holidays` seeds calendars, and `working_time`
counts legal time.
"""
