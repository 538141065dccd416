"""Names and numbers by which processes meet in the database; no two things share one by mistake."""

from __future__ import annotations

from enum import UNIQUE, IntEnum, StrEnum, verify


@verify(UNIQUE)
class AdvisoryLock(IntEnum):
    """Of a lock with two keys this is the first, and the hash of the desk's id the second."""

    START = 7_401_000  # processes that prepare the database at the same time
    SWEEP = 7_401_001  # one worker sweeps at a time
    RELEASE = 7_401_002  # two keys: one release of a desk at a time
    CLAIM = 7_401_003  # two keys: jobs of a desk are claimed one after the other


@verify(UNIQUE)
class Channel(StrEnum):
    """What web processes listen to; triggers name the first two themselves."""

    EVENTS = "imprimatur_events"  # the ledger's trigger; the payload is the desk's id
    PEOPLE = "imprimatur_people"  # accounts, members or sessions changed; the payload is empty
    PRESENCE = "imprimatur_presence"  # the payload is the data of a live message
