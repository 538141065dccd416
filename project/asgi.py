"""`application`, which uvicorn serves; see project.http.handler."""

from __future__ import annotations

import os

import django
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup(set_prefix=False)

from project.http.handler import Answer, Handler  # noqa: E402 - needs Django to be set up

__all__ = ["Answer", "application"]

# The end of a request gives its connection back; asking at the start too is one more visit.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)
application = Handler()
get_resolver().url_patterns  # noqa: B018 - all views, before the first request and any fork
