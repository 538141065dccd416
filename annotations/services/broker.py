"""Messages to the workers, for which no request waits.

The row is the record: a message only says that there may be work, and the sweeper sends again what
was not sent. So a broker that is away or hangs costs some seconds until a job begins, and nothing
else.
"""

from __future__ import annotations

import os
import time
from queue import Empty, Full, Queue
from threading import Lock, Thread

import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

MOST_WAITING = 1_000  # messages
RECOVERY = 5.0  # seconds in which nothing is sent after the broker failed
IDLE = 60.0  # seconds without messages after which the thread ends

log = structlog.get_logger(__name__)


def send(task: str, id: str) -> None:
    """Have the task run with this id, soon. Never raises and, in a web process, never waits."""
    if settings.BROKER_IN_BACKGROUND:
        _sender.put(task, id)
    else:
        _send(task, id)


class Sender:
    """A thread that sends, begun with the first message. What does not fit is left to the sweeper.

    It is begun anew in a process that was forked from one that had it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = 0
        self._messages: Queue[tuple[str, str]] = Queue(MOST_WAITING)
        self._is_running = False

    def put(self, task: str, id: str) -> None:
        with self._lock:
            if self._process != os.getpid():
                self._process, self._is_running = os.getpid(), False
                self._messages = Queue(MOST_WAITING)
            try:
                self._messages.put_nowait((task, id))
            except Full:
                _left_to_the_sweeper(task, id)
            if not self._is_running:
                self._is_running = True
                Thread(target=self._run, name="broker", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                task, id = self._messages.get(timeout=IDLE)
            except Empty:
                with self._lock:
                    if self._messages.empty():
                        self._is_running = False
                        return
                continue
            if not _send(task, id):
                time.sleep(RECOVERY)


_sender = Sender()


def _send(task: str, id: str) -> bool:
    """Whether the broker took it."""
    try:
        current_app.send_task(task, args=[id], retry=False)
    except (OperationalError, OSError):
        _left_to_the_sweeper(task, id)
        return False
    return True


def _left_to_the_sweeper(task: str, id: str) -> None:
    log.warning("broker unreachable, the sweeper will send the task", task=task, id=id)
