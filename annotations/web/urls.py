"""Routes of the pages."""

from django.urls import include, path

from annotations.web import (
    activity,
    desk,
    desk_settings,
    guide,
    home,
    jobs,
    keys,
    live,
    mentions,
    presence,
    releases,
    review,
    single_sign_on,
    sources,
    suggestions,
    surface,
    webhooks,
)

of_a_desk = [
    path("", desk.desk, name="desk"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new", sources.source_import, name="source_import"),
    path("sources/<uuid:source>/", surface.annotate, name="annotate"),
    path("sources/<uuid:source>/annotations/", surface.tagged, name="tagged"),
    path("sources/<uuid:source>/live", live.stream, name="live"),
    path("sources/<uuid:source>/presence", presence.presence, name="presence"),
    path("jobs/<uuid:job>/", jobs.job, name="job"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("review/", review.review, name="review"),
    path("review/<uuid:annotation>/", review.review_item, name="review_item"),
    path("mentions/", mentions.mentions, name="mentions"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:number>/", releases.release, name="release"),
    path("releases/<int:number>/files/<str:name>", releases.release_file, name="release_file"),
    path("activity/", activity.activity, name="activity"),
    path("settings/", desk_settings.desk_settings, name="settings"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:key>/revoke", keys.key_revoke, name="key_revoke"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:webhook>", webhooks.webhook_change, name="webhook_change"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("api/guide/", guide.guide, name="guide"),
    path("api/guide/imprimatur.py", guide.client_module, name="guide_client"),
    path("api/guide/<slug:name>", guide.guide, name="guide"),
    path("accounts/single-sign-on/", single_sign_on.single_sign_on, name="single_sign_on"),
    path(
        "accounts/single-sign-on/return",
        single_sign_on.single_sign_on_return,
        name="single_sign_on_return",
    ),
    path("live", live.shared_stream, name="shared_stream"),
    path("desks/<slug:desk>/", include(of_a_desk)),
    path("read/", include("annotations.web.reading.urls")),
]
