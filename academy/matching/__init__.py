"""Who could help whom: hard rules, fit, the proven optimum and its explanation.

Pure: numbers and codes in, pairs and a proof out. No names, no database, no web.
Read `model` first, then `rules` and `score` (may two people meet, how well would it fit),
`problem` (a round in numbers), `assign` (the optimum), `certificate` (why to believe it) and
`explain` (why this one, why not that one, why nobody, whom to recruit). Solve in a process of
its own: `worker.solve_apart`.
"""
