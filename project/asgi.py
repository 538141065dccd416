"""The ASGI application that uvicorn serves."""

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import django
from asgiref.sync import SyncToAsync, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Handler(ASGIHandler):
    """Runs middleware and view in one visit to the request's thread.

    Django's own way crosses between event loop and thread for each hook of each middleware, which
    takes longer than most requests. Asynchronous views still run on the event loop.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

    async def send_response(self, response: HttpResponseBase, send: Send) -> None:
        if response.streaming:
            _end_thread()
        await super().send_response(response, send)


def _end_thread() -> None:
    """Without it every open stream would keep the idle thread of its request."""
    context = SyncToAsync.thread_sensitive_context.get(None)
    if context is not None and context in SyncToAsync.context_to_thread_executor:
        SyncToAsync.context_to_thread_executor.pop(context).shutdown(wait=False)


django.setup(set_prefix=False)
application = Handler()
