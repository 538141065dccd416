"""What changed since the previous release, as the pages of a release show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotations.models import Annotation
from annotations.queries.annotations.version_history import versions_numbered
from annotations.queries.published.retractions import Difference, Differences

LONGEST = 160  # code points of the words


@dataclass(frozen=True)
class Change:
    """`words` are those of the version that the difference names; empty if they are not shown."""

    difference: Difference
    annotation: Annotation
    words: str
    address: str


def changes_of(
    differences: Differences | None,
    address: Callable[[Annotation], str],
    *,
    is_public: bool = False,
) -> list[Change]:
    """In the order of the differences; two statements.

    In public, words are shown only of what is still published.
    """
    found = differences.changes if differences else []
    numbers = {each.id: each.version or each.was_version or 0 for each in found}
    versions = versions_numbered(numbers)
    changes = []
    for each in found:
        version = versions[each.id]
        annotation = version.annotation
        is_shown = not is_public or annotation.published_id is not None
        words = " … ".join(span.exact for span in version.spans.all()) if is_shown else ""
        shown = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
        changes.append(Change(each, annotation, shown, address(annotation)))
    return changes
