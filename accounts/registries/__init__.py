"""National registers asked by number: population, enterprises, land. Their data fill in forms and stand for papers.

`lookups.look_up` is the one way in: it records who asked for what and why, answers from what was heard lately where
the register's rule lets it, and says that no answer came instead of failing. Their protocols are not public: which
of their fields holds what is data, `mapping.yaml`.
"""
