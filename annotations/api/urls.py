"""Routes of the API: what is published, and the editorial work under `work/`."""

from django.urls import include, path, re_path

from annotations.api.http.not_found import not_found
from annotations.api.openapi import document
from annotations.api.published import (
    annotation_protocol,
    changes,
    entities,
    export,
    items,
    releases,
    sources,
)
from annotations.api.published import annotations as passages
from annotations.api.work import annotations as work
from annotations.api.work import comments as talk
from annotations.api.work import link_search as finding
from annotations.api.work import sources as texts
from annotations.api.work import suggestions as proposals

app_name = "api"

published = [
    path("annotations", passages.AnnotationList.as_view(), name="annotations"),
    path("annotations/", annotation_protocol.DeskContainer.as_view(), name="container"),
    path("annotations/export", export.AnnotationExport.as_view(), name="export"),
    path("annotations/<uuid:id>", passages.AnnotationDetail.as_view(), name="annotation"),
    path("claims", passages.ClaimList.as_view(), name="claims"),
    path("claims/<uuid:id>", items.ClaimDetail.as_view(), name="claim"),
    path("quotes", passages.QuoteList.as_view(), name="quotes"),
    path("quotes/<uuid:id>", items.QuoteDetail.as_view(), name="quote"),
    path("entities", passages.EntityList.as_view(), name="entities"),
    path("entities/<uuid:id>", entities.EntityDetail.as_view(), name="entity"),
    path("changes", changes.ChangeList.as_view(), name="changes"),
    path("sources", sources.SourceList.as_view(), name="sources"),
    path("sources/<uuid:id>", sources.SourceDetail.as_view(), name="source"),
    path(
        "sources/<uuid:id>/annotations/",
        annotation_protocol.SourceContainer.as_view(),
        name="source-container",
    ),
    path("sources/<uuid:id>/text", sources.SourceText.as_view(), name="text"),
    path("releases", releases.ReleaseList.as_view(), name="releases"),
    path("releases/latest", releases.LatestRelease.as_view(), name="latest"),
    path("releases/<int:number>", releases.ReleaseDetail.as_view(), name="release"),
    path("releases/<int:number>/diff", releases.ReleaseDifferences.as_view(), name="diff"),
    path(
        "releases/<int:number>/files/<str:name>",
        releases.ReleaseFileDetail.as_view(),
        name="release-file",
    ),
]
editorial = [
    path("sources", texts.WorkSourceList.as_view(), name="work-sources"),
    path("sources/<uuid:id>", texts.WorkSource.as_view(), name="work-source"),
    path(
        "sources/<uuid:id>/annotations",
        texts.SourceAnnotations.as_view(),
        name="work-source-annotations",
    ),
    path("sources/<uuid:id>/annotations/batch", texts.AnnotationBatch.as_view(), name="batch"),
    path("annotations", finding.WorkAnnotations.as_view(), name="work-annotations"),
    path("annotations/<uuid:id>", work.WorkAnnotation.as_view(), name="work-annotation"),
    path("annotations/<uuid:id>/restore", work.Restoration.as_view(), name="restore"),
    path("annotations/<uuid:id>/submit", work.Submission.as_view(), name="submit"),
    path("annotations/<uuid:id>/recall", work.Recall.as_view(), name="recall"),
    path("annotations/<uuid:id>/decisions", work.Decisions.as_view(), name="decisions"),
    path("annotations/<uuid:id>/withdraw", work.Withdrawal.as_view(), name="withdraw"),
    path("annotations/<uuid:id>/comments", talk.Comments.as_view(), name="comments"),
    path("annotations/<uuid:id>/comments/seen", talk.Seen.as_view(), name="comments-seen"),
    path("comments/<uuid:id>", talk.CommentDetail.as_view(), name="comment"),
    path("comments/<uuid:id>/restore", talk.Restoration.as_view(), name="comment-restore"),
    path("comments/<uuid:id>/resolve", talk.Resolution.as_view(), name="comment-resolve"),
    path("comments/<uuid:id>/reopen", talk.Reopening.as_view(), name="comment-reopen"),
    path("members", talk.Members.as_view(), name="members"),
    path("annotations/<uuid:id>/suggestions", proposals.Search.as_view(), name="search"),
    path("suggestions", proposals.SuggestionList.as_view(), name="suggestions"),
    path("suggestions/accept", proposals.Acceptance.as_view(), name="accept"),
    path("suggestions/dismiss", proposals.Dismissal.as_view(), name="dismiss"),
    path("suggestions/reopen", proposals.Reopening.as_view(), name="reopen"),
    path("relations", work.Relations.as_view(), name="relations"),
    path("relations/<uuid:id>", work.RelationDetail.as_view(), name="relation"),
    path("entities", texts.Register.as_view(), name="register"),
    path("releases", texts.WorkReleases.as_view(), name="work-releases"),
    path("jobs/<uuid:id>", texts.JobDetail.as_view(), name="job"),
]
urlpatterns = [
    path("v1/openapi.json", document.OpenApiDocument.as_view(), name="openapi"),
    path("docs/", document.Documentation.as_view(), name="docs"),
    path("v1/desks/<slug:desk>/", not_found, name="published"),
    path("v1/desks/<slug:desk>/", include(published)),
    path("v1/work/desks/<slug:desk>/", not_found, name="work"),
    path("v1/work/desks/<slug:desk>/", include(editorial)),
    re_path(r"^v1/", not_found),
]
