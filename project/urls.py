"""Routes: health, sign-in, the API and the pages."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("annotations.api.urls")),
    path("", include("annotations.web.urls")),
    path("", include("annotations.web.site.health_urls")),
    path("accounts/", include("annotations.web.accounts.urls")),
]

handler500 = "project.http.failures.failed"
