"""Routes for whoever watches over the process; they need no sign-in."""

from django.urls import path

from annotations.web.site import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
