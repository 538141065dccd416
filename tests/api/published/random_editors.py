"""Several people who do at random whatever the work API lets them do, each in a thread.

    python random_editors.py SITE DEMO EDITS SEED

DEMO is the demo.json of the product at SITE. Ends when EDITS writes were taken, and prints how many
of each kind there were, how many were refused, and the seconds that it took.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KEYS = ["editor_write", "editor2_write", "reviewer_write", "manager_write"]
PATIENCE = 30  # seconds for an answer
LABELS = {"claim": "checkable", "quote": "direct", "entity": "place", "flag": "garbled"}
LINKS = {
    "claim": [("about", "entity"), ("contradicts", "claim"), ("repeats", "claim"),
              ("stated_in", "quote")],
    "quote": [("said_by", "entity")],
    "entity": [("same_as", "entity")],
    "flag": [("about", "claim"), ("about", "quote")],
}  # fmt: skip

Document = dict[str, Any]


class Tally:
    """What was done by all of them, and the annotations they know of by kind."""

    def __init__(self, wanted: int) -> None:
        self.lock = threading.Lock()
        self.wanted = wanted
        self.done: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self.known: dict[str, list[str]] = {kind: [] for kind in LABELS}

    def open(self) -> bool:
        with self.lock:
            return self.done.total() < self.wanted

    def count(self, what: str, status: int) -> None:
        with self.lock:
            if status < 300:
                self.done[what] += 1
            else:
                self.refused[status] += 1

    def add(self, kind: str, id: str) -> None:
        with self.lock:
            self.known[kind].append(id)

    def one_of(self, chance: random.Random, kind: str) -> str | None:
        with self.lock:
            return chance.choice(self.known[kind]) if self.known[kind] else None


class Person:
    def __init__(self, site: str, desk: str, key: str, tally: Tally, seed: str) -> None:
        at = urlsplit(site)
        self.connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=PATIENCE)
        self.headers = {"Authorization": f"Bearer {key}"}
        self.address = f"/api/v1/work/desks/{desk}"
        self.published = f"/api/v1/desks/{desk}"
        self.tally = tally
        self.chance = random.Random(seed)  # noqa: S311

    def ask(
        self,
        method: str,
        address: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Asks again after as long as the answer says, when it says so."""
        sent = {**self.headers, **(headers or {}), "Content-Type": "application/json"}
        while True:
            self.connection.request(method, address, json.dumps(body) if body else None, sent)
            answer = self.connection.getresponse()
            said = answer.read()
            if answer.status != http.client.TOO_MANY_REQUESTS:
                return answer.status, json.loads(said) if said else None
            self.connection.close()  # the server would, meanwhile
            time.sleep(int(answer.headers["Retry-After"]))

    def work(self, source: str, length: int) -> None:
        while self.tally.open():
            if self.chance.random() < 0.1:
                self.tag(source, length)
                continue
            id = self.tally.one_of(self.chance, self.chance.choice(list(LABELS)))
            if id is not None:
                self.change(id, length)

    def tag(self, source: str, length: int) -> None:
        kind = self.chance.choice(list(LABELS))
        tag = {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "label": LABELS[kind],
            "spans": [self.span(length)],
            "fields": self.fields(kind),
        }
        status, _ = self.ask("POST", f"{self.address}/sources/{source}/annotations", tag)
        self.tally.count("tag", status)
        if status < 300:
            self.tally.add(kind, str(tag["id"]))

    def change(self, id: str, length: int) -> None:
        """One of what its state allows."""
        status, row = self.ask("GET", f"{self.address}/annotations/{id}")
        if status == http.client.NOT_FOUND:
            self.count("restore", "POST", f"/annotations/{id}/restore", {})
            return
        acts: dict[str, list[Callable[[Document, int], None]]] = {
            "draft": [self.submit, self.submit, self.submit, self.edit, self.relate, self.delete],
            "returned": [self.edit, self.delete],
            "submitted": [self.decide, self.decide, self.decide, self.edit, self.recall],
            "rejected": [self.edit, self.delete],
            "approved": [self.edit, self.relate, self.relate, self.unrelate, self.withdraw],
            "withdrawn": [self.edit, self.delete],
        }
        self.chance.choice(acts[row["state"]])(row, length)

    def submit(self, row: Document, _length: int) -> None:
        body = {"version": row["version"]}
        self.count("submit", "POST", f"/annotations/{row['id']}/submit", body)

    def recall(self, row: Document, _length: int) -> None:
        body = {"version": row["version"]}
        self.count("recall", "POST", f"/annotations/{row['id']}/recall", body)

    def decide(self, row: Document, _length: int) -> None:
        verdict = self.chance.choice(["approve"] * 6 + ["return", "reject"])
        body = {"version": row["version"], "verdict": verdict, "note": "Decided."}
        self.count(verdict, "POST", f"/annotations/{row['id']}/decisions", body)

    def withdraw(self, row: Document, _length: int) -> None:
        body = {"reason": "It was misread."}
        self.count("withdraw", "POST", f"/annotations/{row['id']}/withdraw", body)

    def edit(self, row: Document, length: int) -> None:
        body = {"spans": [self.span(length)], "fields": self.fields(row["kind"])}
        self.count("edit", "PATCH", f"/annotations/{row['id']}", body, row["version"])

    def delete(self, row: Document, _length: int) -> None:
        self.count("delete", "DELETE", f"/annotations/{row['id']}", None, row["version"])

    def relate(self, row: Document, _length: int) -> None:
        type, kind = self.chance.choice(LINKS[row["kind"]])
        to = self.tally.one_of(self.chance, kind)
        if to is not None:
            body = {"from": row["id"], "to": to, "type": type, "version": row["version"]}
            self.count("relate", "POST", "/relations", body)

    def unrelate(self, row: Document, _length: int) -> None:
        if row["relations"]:
            link = self.chance.choice(row["relations"])["id"]
            self.count("unrelate", "DELETE", f"/relations/{link}", None, row["version"])

    def count(
        self, what: str, method: str, path: str, body: object, version: int | None = None
    ) -> None:
        headers = {"If-Match": f'"v{version}"'} if version is not None else {}
        status, said = self.ask(method, f"{self.address}{path}", body, headers)
        assert status < 500, said
        self.tally.count(what, status)

    def span(self, length: int) -> dict[str, int]:
        start = self.chance.randrange(length - 40)
        return {"start": start, "end": start + self.chance.randint(5, 40)}

    def fields(self, kind: str) -> dict[str, str]:
        word = f"{kind} {self.chance.randrange(10_000)} „ğ𝔠“"
        return {"claim": {"normalized": word, "claimant": word}, "quote": {"speaker": word},
                "flag": {"note": word}}.get(kind, {})  # fmt: skip


def main(site: str, demo: Path, edits: int, seed: str) -> None:
    told = json.loads(demo.read_text(encoding="utf-8"))
    tally = Tally(edits)
    people = [
        Person(site, told["desk"], told["keys"][name], tally, f"{seed} {name}") for name in KEYS
    ]
    first = people[0]
    _, sources = first.ask("GET", f"{first.published}/sources")
    _, shown = first.ask("GET", f"{first.published}/annotations?page_size=100")
    for each in shown["results"]:
        tally.add(each["kind"], each["id"])
    source = sources["results"][0]["id"]
    length = sources["results"][0]["revisions"][0]["length"]
    began = time.monotonic()
    with ThreadPoolExecutor(len(people)) as pool:
        for worked in [pool.submit(each.work, source, length) for each in people]:
            worked.result()
    took = round(time.monotonic() - began, 2)
    done, refused = dict(tally.done), dict(tally.refused)
    sys.stdout.write(json.dumps({"seconds": took, "done": done, "refused": refused}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
