"""The process that writes the formats of whole texts, beside the one that reads the database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from annotations.exporters.spool import DONE

LONGEST_REASON = 500  # characters


@dataclass(frozen=True)
class TextsWriter:
    """The process that writes the formats of whole texts into `scratch`."""

    process: subprocess.Popen[bytes]
    scratch: Path
    trouble: IO[str]

    @property
    def is_done(self) -> bool:
        """Raises OSError when it failed."""
        code = self.process.poll()
        if code:
            self.trouble.seek(0)
            raise OSError(f"Texts were not written: {self.trouble.read()[-LONGEST_REASON:]}")
        return code is not None

    @property
    def annotations(self) -> int:
        """How many it has written."""
        try:
            return int((self.scratch / DONE).read_text(encoding="ascii") or 0)
        except FileNotFoundError:
            return 0


@contextmanager
def texts_writer(texts: Path, scratch: Path) -> Iterator[TextsWriter]:
    """Follows the spool of texts; has ended well when this is left. Raises OSError."""
    command = [sys.executable, "-m", "annotations.exporters.spool", str(texts), str(scratch)]
    with (scratch / "trouble").open("w+", encoding="utf-8") as trouble:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, stderr=trouble)
        try:
            yield TextsWriter(process, scratch, trouble)
        finally:
            process.kill()
            process.wait()
