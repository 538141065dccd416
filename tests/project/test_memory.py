"""Memory that was taken for something large goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

from project.embedded.layout import CHECKOUT

SCRIPT = """
import gc, time
from pathlib import Path
from project import memory

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

memory.keep_little()
gc.set_threshold(1_000_000)
before = megabytes()
large = {"pieces": [bytes(700) for _ in range(150_000)]}
large["itself"] = large  # as a request and its answer
kept = large["pieces"][::20_000]  # so that the heap cannot shrink from its end
del large
most = megabytes()
memory.give_memory_back()
memory.give_memory_back()
time.sleep(memory.PAUSE + 2)
print(before, most, megabytes())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is asked of glibc")
def test_what_was_large_and_held_itself_is_given_back() -> None:
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )

    before, most, after = map(float, said.stdout.split())
    assert most - before > 80
    assert after - before < (most - before) / 4
