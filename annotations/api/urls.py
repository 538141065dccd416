"""Routes of the API: what is published, and the editorial work under `work/`."""

from django.urls import include, path, re_path

from annotations.api import (
    containers,
    documentation,
    published_changes,
    published_entities,
    published_export,
    published_items,
    published_releases,
    published_sources,
)
from annotations.api import published as passages
from annotations.api import work_annotations as work
from annotations.api import work_comments as talk
from annotations.api import work_finding as finding
from annotations.api import work_sources as texts
from annotations.api import work_suggestions as proposals
from annotations.api.nowhere import nowhere

app_name = "api"

published = [
    path("annotations", passages.AnnotationList.as_view(), name="annotations"),
    path("annotations/", containers.DeskContainer.as_view(), name="container"),
    path("annotations/export", published_export.AnnotationExport.as_view(), name="export"),
    path("annotations/<uuid:id>", passages.AnnotationDetail.as_view(), name="annotation"),
    path("claims", passages.ClaimList.as_view(), name="claims"),
    path("claims/<uuid:id>", published_items.ClaimDetail.as_view(), name="claim"),
    path("quotes", passages.QuoteList.as_view(), name="quotes"),
    path("quotes/<uuid:id>", published_items.QuoteDetail.as_view(), name="quote"),
    path("entities", passages.EntityList.as_view(), name="entities"),
    path("entities/<uuid:id>", published_entities.EntityDetail.as_view(), name="entity"),
    path("changes", published_changes.ChangeList.as_view(), name="changes"),
    path("sources", published_sources.SourceList.as_view(), name="sources"),
    path("sources/<uuid:id>", published_sources.SourceDetail.as_view(), name="source"),
    path(
        "sources/<uuid:id>/annotations/",
        containers.SourceContainer.as_view(),
        name="source-container",
    ),
    path("sources/<uuid:id>/text", published_sources.SourceText.as_view(), name="text"),
    path("releases", published_releases.ReleaseList.as_view(), name="releases"),
    path("releases/latest", published_releases.LatestRelease.as_view(), name="latest"),
    path("releases/<int:number>", published_releases.ReleaseDetail.as_view(), name="release"),
    path(
        "releases/<int:number>/diff", published_releases.ReleaseDifferences.as_view(), name="diff"
    ),
    path(
        "releases/<int:number>/files/<str:name>",
        published_releases.ReleaseFileDetail.as_view(),
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
    path("v1/openapi.json", documentation.OpenApiDocument.as_view(), name="openapi"),
    path("docs/", documentation.Documentation.as_view(), name="docs"),
    path("v1/desks/<slug:desk>/", nowhere, name="published"),
    path("v1/desks/<slug:desk>/", include(published)),
    path("v1/work/desks/<slug:desk>/", nowhere, name="work"),
    path("v1/work/desks/<slug:desk>/", include(editorial)),
    re_path(r"^v1/", nowhere),
]
