"""The ASGI application that uvicorn serves."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import django
from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

MOST_IDLE = 40  # threads that wait for the next request


@dataclass
class Loan:
    """The thread of a request, until the request or the need for it is over."""

    thread: ThreadPoolExecutor
    is_over: bool = False


_loan: ContextVar[Loan] = ContextVar("loan")


class Handler(ASGIHandler):
    """Runs middleware and view in one visit to one thread, and keeps the threads.

    Django's own way starts a thread for each request and crosses over to it for each hook of each
    middleware, which takes longer than most requests. Asynchronous views still run on the event
    loop.
    """

    def __init__(self) -> None:
        super().__init__()
        self.idle: list[ThreadPoolExecutor] = []
        self.common = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live-end")

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is served here, not {scope['type']}.")
        loan = Loan(self.idle.pop() if self.idle else ThreadPoolExecutor(max_workers=1))
        _loan.set(loan)
        try:
            async with ThreadSensitiveContext(executor=loan.thread):
                await self.handle(scope, receive, send)
        finally:
            self._give_back(loan)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        if isinstance(response, StreamingHttpResponse) and response.is_async:
            # It may last for hours. What closes it is done by a thread that all streams share.
            context = SyncToAsync.thread_sensitive_context.get()
            SyncToAsync.context_to_thread_executor[context] = self.common
            self._give_back(_loan.get())
        await super().send_response(response, send)

    def _give_back(self, loan: Loan) -> None:
        if loan.is_over:
            return
        loan.is_over = True
        if len(self.idle) < MOST_IDLE:
            self.idle.append(loan.thread)
        else:
            loan.thread.shutdown(wait=False)


django.setup(set_prefix=False)
# The end of a request gives its connection back; asking at the start too is one more visit.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)
application = Handler()
