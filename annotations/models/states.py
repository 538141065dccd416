"""The states of a version and the one table of its transitions.

The database holds the same table as a function (imprimatur_may_go) and refuses any other change.
"""

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "Draft"  # its author still works on it
    SUBMITTED = "submitted", "In review"  # waits for a reviewer
    APPROVED = "approved", "Approved"  # published
    RETURNED = "returned", "Returned"  # sent back with a note
    REJECTED = "rejected", "Rejected"  # will not be published
    WITHDRAWN = "withdrawn", "Withdrawn"  # was published, then retracted with a reason


TRANSITIONS: frozenset[tuple[State, State]] = frozenset(
    {
        (State.DRAFT, State.SUBMITTED),
        (State.SUBMITTED, State.DRAFT),
        (State.SUBMITTED, State.APPROVED),
        (State.SUBMITTED, State.RETURNED),
        (State.SUBMITTED, State.REJECTED),
        (State.RETURNED, State.DRAFT),
        (State.APPROVED, State.WITHDRAWN),
    }
)
