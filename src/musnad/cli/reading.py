"""`musnad read`: pages into records."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from musnad.batch.local import Done
    from musnad.ingest.page import Failure, Page

LexiconOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--lexicon",
        metavar="DIR",
        help="Folder with your own words/, rules/, actors/ or places/, read on top of the built-in ones; may be repeated.",
    ),
]
ModelOption = Annotated[
    bool | None, typer.Option("--model/--no-model", help="Use the neural model beside the rules, where it is installed.")
]


class Format(StrEnum):
    jsonl = "jsonl"
    text = "text"
    html = "html"


def read(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files, folders, globs, URLs, or - for standard input.", show_default=False)
    ],
    metadata: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Columns page,published,outlet,url: what the pages don't say.")
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="jsonl for programs, text for the terminal, html for the browser.")
    ] = Format.jsonl,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here instead of to standard output.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with OUT (jsonl): pages that are in it already are skipped.")] = False,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes to read with.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0, help="Seconds that one page may take; 0: no limit.")] = None,
    bidi: Annotated[
        bool | None,
        typer.Option("--bidi/--no-bidi", help="Order right-to-left text for terminals that don't do it themselves (default: find out)."),
    ] = None,
) -> None:
    """Read pages into records.

    Each report of each page becomes one record. A page that can't be read stops nothing: it is listed at the end with its reason, and in
    OUT.failures.jsonl, and a later run with `--resume` tries it again.

    Examples:

    - `musnad read page.html --format text`
    - `musnad read archive/ --metadata archive.csv --out archive.jsonl --jobs 2`
    - `musnad read archive/ --out archive.jsonl --resume`
    - `musnad read https://example.org/news/1 --format html --out page.html`
    - `cat page.txt | musnad read -`
    """
    from musnad.batch.local import Done, read_all
    from musnad.ingest import pages
    from musnad.ingest.page import Page
    from musnad.record.errors import MusnadError
    from musnad.settings import find_settings, lexicon_folders

    settings = find_settings(Path.cwd())
    if resume and (out is None or format is not Format.jsonl):
        raise typer.BadParameter("needs --out FILE and --format jsonl", param_hint="--resume")
    if metadata and not metadata.is_file():
        raise MusnadError(f"there is no metadata file {metadata}")
    skip = _already_read(out) if resume and out else set()
    skipped = [0]

    def wanted() -> Iterator[Page | Failure]:
        for page in pages(paths, metadata):
            if out and _is_output(page.name, out):
                continue
            if skip and isinstance(page, Page) and (_short(page.name), page.sha256) in skip:
                skipped[0] += 1
            else:
                yield page

    outcomes = read_all(
        wanted(),
        model=settings.model if model is None else model,
        lexicon=(*settings.lexicon, *lexicon_folders(lexicon or [])),
        jobs=jobs or settings.jobs,
        timeout=settings.timeout if timeout is None else timeout,
    )
    failures: list[Failure] = []
    partial: list[Done] = []
    reports = done_pages = 0
    with _Writer(format, out, resume, bidi) as writer, _Progress(show=out is not None or not sys.stdout.isatty()) as progress:
        for outcome in outcomes:
            if isinstance(outcome, Done):
                writer.add(outcome)
                done_pages, reports = done_pages + 1, reports + len(outcome.lines)
                if outcome.problems:
                    partial.append(outcome)
            else:
                failures.append(outcome)
            progress(done_pages, reports, len(failures))
    _tell(out, failures, partial, done_pages, reports, skipped[0])
    if failures:
        raise typer.Exit(3 if done_pages or skipped[0] else 1)
    if not done_pages and not skipped[0]:
        raise MusnadError(f"no pages in {', '.join(paths)}; `musnad read --help` says what can be read")


def _is_output(name: str, out: Path) -> bool:
    """True for a page of the file that is being written (it may stand in the folder that is read) or of its list of failures."""
    file = Path(name.partition("#")[0])
    return file.name in (out.name, out.name + ".failures.jsonl") and file.resolve().parent == out.resolve().parent


def _short(name: str) -> str:
    """The page's name without its folders: a run may be resumed from elsewhere."""
    return name.rsplit("/", 1)[-1]


def _already_read(out: Path) -> set[tuple[str, str]]:
    """The pages in OUT by name and SHA-256. A run that was killed may have left half a page at the end: it is taken out, to be read again."""
    import msgspec

    if not out.exists():
        return set()
    seen: set[tuple[str, str]] = set()
    keep = page_start = 0
    last: tuple[str, str] | None = None
    with out.open("rb") as file:
        for line in file:
            try:
                report = msgspec.json.decode(line)["report"]
                key = (_short(report["page"]), report["sha256"])
            except (msgspec.DecodeError, TypeError, KeyError):
                break
            if not line.endswith(b"\n"):
                break
            if key != last:
                page_start, last = keep, key
            seen.add(key)
            keep += len(line)
        else:
            return seen
    typer.echo(f"{out} ended in the middle of a page; that page is read again if it is among the input", err=True)
    with out.open("r+b") as file:
        file.truncate(page_start)
    seen.discard(last)
    return seen


class _Writer:
    """Writes outcomes as they come (html: at the end). A file is written under another name first and moved when whole, unless a run is resumed."""

    def __init__(self, format: Format, out: Path | None, resume: bool, bidi: bool | None) -> None:
        self.format, self.out, self.resume, self.bidi = format, out, resume, bidi
        self.pages: list[Done] = []

    def __enter__(self) -> _Writer:
        if self.out:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            self.file: Any = self.out.open("ab" if self.resume else "wb")
        else:
            self.file = sys.stdout.buffer
        return self

    def add(self, done: Done) -> None:
        if self.format is Format.jsonl:
            self.file.write(b"".join(done.lines))
            self.file.flush()
        elif self.format is Format.html:
            self.pages.append(done)
        else:
            from musnad.export.jsonl import decode
            from musnad.export.terminal import render

            for line in done.lines:
                self.file.write(render(decode(line), bidi=self._reorders()).encode("utf-8", "replace"))

    def _reorders(self) -> bool:
        from musnad.export.terminal import needs_reordering

        return needs_reordering(sys.stdout if self.out is None else None) if self.bidi is None else self.bidi

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.format is Format.html and kind is None:
            from musnad.export.html import page
            from musnad.export.jsonl import decode

            self.file.write(page([(d.page.source, decode(line)) for d in self.pages for line in d.lines]).encode("utf-8", "replace"))
        if self.out:
            self.file.close()
        else:
            self.file.flush()


class _Progress:
    """A line on standard error that counts along, only where that is a terminal."""

    def __init__(self, show: bool) -> None:
        self.show = show and sys.stderr.isatty()

    def __enter__(self) -> Any:
        if not self.show:
            return lambda *_: None
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.bar = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True), transient=True
        )
        self.bar.start()
        task = self.bar.add_task("reading…")
        return lambda pages, reports, failed: self.bar.update(
            task, description=_count(pages, reports) + (f", {failed} failed" if failed else "")
        )

    def __exit__(self, *_: object) -> None:
        if self.show:
            self.bar.stop()


def _count(pages: int, reports: int) -> str:
    return f"{pages} page{'s' * (pages != 1)}, {reports} report{'s' * (reports != 1)}"


def _tell(out: Path | None, failures: list[Failure], partial: list[Done], pages: int, reports: int, skipped: int) -> None:
    import json

    if out:
        typer.echo(f"{_count(pages, reports)} → {out}" + (f"; {skipped} were there already" if skipped else ""), err=True)
        listed = out.with_name(out.name + ".failures.jsonl")
        if failures:
            rows = ({"page": f.name, "reason": f.reason, "advice": f.advice} for f in failures)
            listed.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8", errors="replace")
        else:
            listed.unlink(missing_ok=True)
    for done in partial[:20]:
        for problem in done.problems:
            typer.echo(f"partly read: {done.page.name}: {problem}", err=True)
    for failure in failures[:20]:
        typer.echo(f"not read: {failure}", err=True)
    if len(failures) > 20:
        typer.echo(f"… and {len(failures) - 20} more" + (f", all in {listed}" if out else ""), err=True)
