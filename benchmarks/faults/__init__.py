"""Trials of what attackers and failing servers do, against a scratch product on this machine only.

`python -m benchmarks.faults.load` and the others print what was sent and what came of it.
"""
