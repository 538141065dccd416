"""Routes of the pages."""

from django.urls import include, path

from annotations.web.accounts import joining, profile, set_up, single_sign_on
from annotations.web.desk import (
    activity,
    invitations,
    jobs,
    keys,
    mentions,
    overview,
    settings,
    webhooks,
)
from annotations.web.documentation import documents
from annotations.web.documentation import views as documentation
from annotations.web.live import presence, stream
from annotations.web.reading import releases as read_releases
from annotations.web.reading import rooms
from annotations.web.releases import releases
from annotations.web.review import queue
from annotations.web.site import home, pages
from annotations.web.sources import sources, suggestions, workbench

of_a_desk = [
    path("", overview.desk, name="desk"),
    path("navigation/", overview.navigation, name="navigation"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new", sources.source_import, name="source_import"),
    path("sources/<uuid:source>/", workbench.annotate, name="annotate"),
    path("sources/<uuid:source>/annotations/", workbench.tagged, name="tagged"),
    path("sources/<uuid:source>/live", stream.stream, name="live"),
    path("sources/<uuid:source>/presence", presence.presence, name="presence"),
    path("jobs/<uuid:job>/", jobs.job, name="job"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("review/", queue.review, name="review"),
    path("review/<uuid:annotation>/", queue.review_item, name="review_item"),
    path("mentions/", mentions.mentions, name="mentions"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:number>/", releases.release, name="release"),
    path("releases/<int:number>/files/<str:name>", releases.release_file, name="release_file"),
    path("activity/", activity.activity, name="activity"),
    path("settings/", settings.desk_settings, name="settings"),
    path("invitations/", invitations.invitations, name="invitations"),
    path(
        "invitations/<uuid:invitation>/revoke",
        invitations.invitation_revoke,
        name="invitation_revoke",
    ),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:key>/revoke", keys.key_revoke, name="key_revoke"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:webhook>", webhooks.webhook_change, name="webhook_change"),
]
of_the_site = [
    path("people/", pages.people, name="site_people"),
    path("people/<uuid:person>/", pages.person, name="site_person"),
    path(
        "invitations/<uuid:invitation>/revoke",
        pages.account_invitation_revoke,
        name="site_invitation_revoke",
    ),
    path("desks/", pages.desks, name="site_desks"),
    path("desks/<slug:desk>/close", pages.desk_close, name="site_desk_close"),
    path("desks/<slug:desk>/reopen", pages.desk_reopen, name="site_desk_reopen"),
    path("jobs/", pages.jobs, name="site_jobs"),
    path("health/", pages.health, name="site_health"),
    path("security/", pages.security, name="site_security"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("docs/", documentation.contents, name="documentation"),
    path("docs/<path:name>/", documentation.document, name="document"),
    path("docs/<path:name>", documentation.document_file, name="document_file"),
    path("api/guide/", documentation.guide, name="guide"),
    path(
        "api/guide/imprimatur.py",
        documentation.document_file,
        {"name": documents.CLIENT},
        name="guide_client",
    ),
    path("api/guide/<slug:name>", documentation.guide, name="guide"),
    path("accounts/single-sign-on/", single_sign_on.single_sign_on, name="single_sign_on"),
    path(
        "accounts/single-sign-on/return",
        single_sign_on.single_sign_on_return,
        name="single_sign_on_return",
    ),
    path("join/<slug:token>", joining.join, name="join"),
    path("set-up/<slug:token>", set_up.setting_up, name="set_up"),
    path("site/", include(of_the_site)),
    path("accounts/profile/", profile.profile, name="account_profile"),
    path("accounts/profile/theme", profile.profile_theme, name="account_theme"),
    path("live", stream.shared_stream, name="shared_stream"),
    path("desks/<slug:desk>/", include(of_a_desk)),
    path("read/", rooms.rooms, name="read_rooms"),
    path("read/", include("annotations.web.reading.urls")),
    path("read/<slug:desk>/releases/", read_releases.releases, name="read_releases"),
    path("read/<slug:desk>/releases/<int:number>/", read_releases.release, name="read_release"),
]
