"""A consumer that knows only docs/client/imprimatur.py: keeps a copy of a desk in a file.

    python mirroring.py SITE DESK KEY COPY STOP

It follows the feed of changes until the file STOP is there, once more, and ends. The copy and the
place in the feed are written together; started anew after being killed, it goes on from them.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from imprimatur import Desk  # type: ignore[import-not-found]

PAUSE = 0.05  # seconds


def main(site: str, slug: str, key: str, copy: Path, stop: Path) -> None:
    desk = Desk(site, slug, key)
    kept: dict[str, Any] = {"after": 0, "annotations": {}, "rounds": 0}
    if copy.exists():
        kept = json.loads(copy.read_text(encoding="utf-8"))
    last = False
    while not last:
        last = stop.exists()  # before the feed is asked: all edits have ended then
        kept["after"] = desk.follow(kept["annotations"], kept["after"])
        kept["rounds"] += 1
        fresh = copy.with_suffix(".new")
        fresh.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        fresh.replace(copy)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:4], Path(sys.argv[4]), Path(sys.argv[5]))
