"""Routes of the pages that everybody may read."""

from django.urls import path

from annotations.web.reading import article, feeds, home, lists, passage

urlpatterns = [
    path("oembed", passage.oembed, name="oembed"),
    path("<slug:desk>/", home.front, name="read"),
    path("<slug:desk>/feed.atom", feeds.atom, name="read_atom"),
    path("<slug:desk>/feed.json", feeds.json_feed, name="read_json_feed"),
    path("<slug:desk>/claims/", lists.claims, name="read_claims"),
    path("<slug:desk>/quotes/", lists.quotes, name="read_quotes"),
    path("<slug:desk>/entities/", lists.entities, name="read_entities"),
    path("<slug:desk>/entities/<uuid:id>/", lists.entity, name="read_entity"),
    path("<slug:desk>/sources/<uuid:source>/", article.article, name="read_source"),
    path("<slug:desk>/passages/<uuid:id>/", passage.passage, name="read_passage"),
    path("<slug:desk>/passages/<uuid:id>/text", article.in_text, name="read_in_text"),
    path("<slug:desk>/passages/<uuid:id>/card", passage.card, name="read_card"),
]
