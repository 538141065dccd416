"""A copy of a desk as a consumer keeps it who knows only docs/api/guide.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from annotations.models import Desk
from tests.api.client import anonymous, published, read


@dataclass
class Mirror:
    desk: Desk
    after: int = 0
    annotations: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def begun_with_lists(cls, desk: Desk) -> Mirror:
        """Asks where the ledger stands, then reads what is there, which may be newer already."""
        newest = read(anonymous(), published(desk, "changes"), limit=1)["newest"]
        return cls(desk, newest, listed(desk))

    def step(self, limit: int) -> Any:
        """Takes over one page of the feed."""
        page = read(anonymous(), published(self.desk, "changes"), after=self.after, limit=limit)
        for change in page["changes"]:
            if change["annotation"] is None:
                self.annotations.pop(change["id"], None)
            else:
                self.annotations[change["id"]] = change["annotation"]
        self.after = page["next"]
        return page

    def catch_up(self, limit: int = 100) -> None:
        while self.step(limit)["has_more"]:
            pass


def listed(desk: Desk) -> dict[str, Any]:
    """What `GET annotations` says, all pages."""
    found, address = {}, f"{published(desk, 'annotations')}?page_size=3"
    while address:
        page = read(anonymous(), address)
        found.update({each["id"]: each for each in page["results"]})
        address = page["next"]
    return found
