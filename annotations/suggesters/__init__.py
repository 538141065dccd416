"""Programs that propose annotations: text in, spans out; one module a technique.

A technique's `ORIGIN` names it and its version, and is kept with everything it proposes.
"""
