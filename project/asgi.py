"""The ASGI application that uvicorn serves."""

import os

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")


class Handler(ASGIHandler):
    """Runs middleware and view in one visit to the request's thread.

    Django's own way crosses between event loop and thread for each hook of each middleware, which
    takes longer than most requests. Asynchronous views still run on the event loop.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


django.setup(set_prefix=False)
application = Handler()
