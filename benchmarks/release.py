"""A release of 200,000 annotations on 2,000 sources, in all formats: how long, and what it says.

The desk is made once, in a database of its own on the benchmarks' server, and kept; `--anew` makes
it again. The job is run in this process as a worker runs it, while a thread reads what people would
see of it. `--profile` says where the time goes in this process.
"""

from __future__ import annotations

import cProfile
import pstats
import resource
import sys
import time
from argparse import ArgumentParser
from itertools import groupby
from threading import Event, Thread
from typing import TYPE_CHECKING

from benchmarks.pages import kept_desk
from benchmarks.support.large import Size
from benchmarks.support.tables import show

if TYPE_CHECKING:
    from annotations.models import Release

SIZE = Size(
    sources=2_000,
    annotations=227_300,  # of which 200,000 are published
    records=1_000,
    suggestions=100,
    comments=100,
    releases=3,
    members=20,
)
LOOK = 0.5  # seconds
WANTED = 3_000  # annotations a second


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--annotations", type=int, default=SIZE.annotations)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    share = given.annotations / SIZE.annotations
    size = Size(**{name: max(1, int(count * share)) for name, count in vars(SIZE).items()})
    desk = kept_desk(f"imprimatur_release_{size.annotations}", size, anew=given.anew)
    return _measure(desk, profile=given.profile)


def _measure(slug: str, *, profile: bool) -> int:
    import django

    django.setup()
    from annotations.models import Desk, Job, User
    from annotations.services import jobs
    from annotations.tasks import WORK

    desk = Desk.objects.get(slug=slug)
    by = User.objects.get(memberships__desk=desk, memberships__role="manager")
    job = Job.objects.create(
        desk=desk, type=Job.Type.RELEASE, created_by=by, parameters={"notes": ""}
    )
    seen: list[tuple[float, str, int]] = []
    over = Event()

    def watch() -> None:
        from django.db import connection

        while not over.wait(LOOK):
            now = Job.objects.values_list("step", "progress").get(id=job.id)
            seen.append((time.monotonic() - began, *now))
        connection.close()

    began = time.monotonic()
    watcher = Thread(target=watch)
    watcher.start()
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    before = _processor()
    jobs.run(job.id, WORK)
    own, other = (now - then for now, then in zip(_processor(), before, strict=True))
    profiler.disable()
    taken = time.monotonic() - began
    over.set()
    watcher.join()
    job.refresh_from_db()
    if job.release is None:
        print(f"The release failed: {job.error}", file=sys.stderr)
        return 1
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(40)
    _show(seen)
    _compare(job.release)
    count = job.release.annotation_count
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n  {count:,} annotations in {taken:.1f} s: "
        f"{count / taken:,.0f} a second (wanted: {WANTED:,})"
    )
    print(f"  processor: {own:.1f} s in this process, {other:.1f} s in that of whole texts")
    print(
        f"  first progress after {_first_progress(seen):.1f} s; "
        f"at most {memory:.0f} MB in this process"
    )
    return int(count / taken < WANTED)


def _processor() -> list[float]:
    """Seconds that this process and its children have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return [each.ru_utime + each.ru_stime for each in used]


def _compare(release: Release) -> None:
    """With the files of the release before: the same desk, perhaps written by older code.

    What names the release or its time differs by nature.
    """
    from annotations.models import ReleaseFile

    before = ReleaseFile.objects.filter(
        release__desk=release.desk, release__number=release.number - 1
    )
    hashes = dict(before.values_list("name", "sha256"))
    named = ("manifest.json", "datapackage.json", "CITATION.cff", "citation.bib")
    files = release.files.exclude(name__in=named).order_by("name")
    if not hashes.keys() & {file.name for file in files}:
        return
    other = [file.name for file in files if hashes.get(file.name) != file.sha256]
    print(f"\n  {len(files) - len(other)} of {len(files)} files are those of the release before")
    if other:
        print(f"  different: {', '.join(other)}")


def _first_progress(seen: list[tuple[float, str, int]]) -> float:
    return next((at for at, _, progress in seen if progress), 0.0)


def _show(seen: list[tuple[float, str, int]]) -> None:
    rows = []
    for step, looks in groupby(seen, key=lambda look: look[1]):
        all_looks = list(looks)
        rows.append([
            step or "(done)", f"{all_looks[0][0]:.1f} s", f"{all_looks[-1][0]:.1f} s",
            f"{all_looks[0][2]}–{all_looks[-1][2]} %",
        ])  # fmt: skip
    show("release: what people see of the job", ["step", "from", "until", "progress"], rows)


if __name__ == "__main__":
    sys.exit(main())
