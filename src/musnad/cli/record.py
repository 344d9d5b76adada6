"""The commands that keep a record: `add`, `forget`, `failures`, `backup`, `restore`, `resolve`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from musnad.cli.reading import LexiconOption, ModelOption

if TYPE_CHECKING:
    from musnad.store.store import Store

RecordOption = Annotated[
    str,
    typer.Option("--record", "-r", metavar="FILE.db", envvar="MUSNAD_RECORD", help="The record: a file, or a postgresql:// URL."),
]
DEFAULT = "musnad.db"


def opened(where: str, create: bool = False) -> Store:
    from musnad.store.store import open_store

    return open_store(where, create=create)


def add(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH…", help="Files, folders, globs, URLs, or - for standard input.", show_default=False)
    ] = None,
    record: RecordOption = DEFAULT,
    metadata: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Columns page,published,outlet,url: what the pages don't say.")
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try the pages again that failed before.")] = False,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes to read with.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0, help="Seconds that one page may take; 0: no limit.")] = None,
) -> None:
    """Read pages into a record, and bring together what many reports say.

    Only what is new is read: the same page twice changes nothing, and a run that was stopped goes on where it was. Pages that can't be read are
    kept among the failures (`musnad failures`) and can be tried again.

    Examples:

    - `musnad add archive/ --metadata archive.csv`
    - `musnad add news.jsonl.gz --record 2018.db --jobs 2`
    - `musnad add --retry --record 2018.db`
    """
    from musnad.batch.adding import Counts, add_pages
    from musnad.record.errors import MusnadError
    from musnad.resolve.refresh import refresh
    from musnad.settings import find_settings, lexicon_folders

    settings = find_settings(Path.cwd())
    with opened(record, create=True) as store:
        wanted = list(paths or [])
        if retry:
            wanted += sorted({f["name"].split("#")[0] for f in store.failures()})
        if not wanted:
            raise MusnadError("nothing to add: name pages or folders, or use --retry where pages have failed")
        counts = Counts()
        with Progress() as bar:
            for counts in add_pages(
                store,
                wanted,
                metadata=metadata,
                model=settings.model if model is None else model,
                lexicon=(*settings.lexicon, *lexicon_folders(lexicon or [])),
                jobs=jobs or settings.jobs,
                timeout=settings.timeout if timeout is None else timeout,
            ):
                bar(f"{counts.pages} pages read, {counts.there} there already, {counts.failed} failed")
            bar("bringing together …")
            together = refresh(store) if counts.pages or store.value("resolve.stale") else {}
        typer.echo(
            f"{counts.pages} pages, {counts.reports} reports → {record}; {counts.there} were there already, {counts.failed} failed",
            err=True,
        )
        if together:
            typer.echo(", ".join(f"{n} {what}" for what, n in together.items()), err=True)
        if counts.failed:
            typer.echo(f"see `musnad failures --record {record}`; `musnad add --retry` tries them again", err=True)
            raise typer.Exit(3 if counts.pages or counts.there else 1)


def failures(record: RecordOption = DEFAULT) -> None:
    """List the pages that couldn't be read, with the reason, and how often they were tried.

    Example: `musnad failures --record 2018.db`
    """
    with opened(record) as store:
        for row in store.failures():
            typer.echo(f"{row['name']}\t{row['reason']}\t{row['tries']}×")


def forget(
    page: Annotated[str, typer.Argument(metavar="PAGE", help="The page's name, URL or SHA-256.", show_default=False)],
    record: RecordOption = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Remove a page and all that hangs on it: its text, everything read in it, and what people judged of that.

    Example: `musnad forget https://example.org/news/1 --record 2018.db`
    """
    from musnad.record.errors import MusnadError
    from musnad.resolve.refresh import refresh

    with opened(record) as store:
        if not yes and sys.stdin.isatty():
            typer.confirm(f"Remove {page} and all that hangs on it for good?", abort=True)
        gone = store.forget(page)
        if not gone:
            raise MusnadError(f"no page {page} in {record}")
        refresh(store)
        typer.echo(f"{gone} page{'s' * (gone != 1)} forgotten", err=True)


def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE.db", help="The copy to make; it must not exist.", show_default=False)],
    record: RecordOption = DEFAULT,
) -> None:
    """Copy a record while it may be in use. To restore, open the copy (`--record COPY.db`) or put it in the place of the other.

    Example: `musnad backup 2018-copy.db --record 2018.db`
    """
    with opened(record) as store:
        store.backup(to)
        typer.echo(f"{record} → {to}", err=True)


class Progress:
    """A line on standard error that tells what goes on, only where that is a terminal."""

    def __enter__(self) -> Progress:
        self.status = None
        if sys.stderr.isatty():
            from rich.console import Console

            self.status = Console(stderr=True).status("reading …")
            self.status.start()
        return self

    def __call__(self, text: str) -> None:
        if self.status:
            self.status.update(text)

    def __exit__(self, *_: object) -> None:
        if self.status:
            self.status.stop()


def redact(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME…", help="Names or actors' ids.", show_default=False)] = None,
    record: RecordOption = DEFAULT,
    listed: Annotated[Path | None, typer.Option("--list", metavar="FILE", help="A file of names, one a line.")] = None,
    rule: Annotated[
        bool, typer.Option("--rule", help="All people whom the rule takes for private; without --yes they are only shown.")
    ] = False,
    undo: Annotated[int | None, typer.Option("--undo", metavar="ID", help="Take a redaction back.")] = None,
    by: Annotated[str, typer.Option("--by", help="Who decides; kept in the audit log.")] = "command line",
    why: Annotated[str | None, typer.Option("--why", help="The reason; kept in the audit log.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --rule: do it.")] = False,
) -> None:
    """Take names of private people (victims, witnesses) out of everything that is shown or exported. Editors can take it back.

    Examples:

    - `musnad redact 'اسم الشاهد' --why witness`
    - `musnad redact --rule` shows whom the rule would take out, `--rule --yes` does it
    """
    from musnad.record.errors import MusnadError
    from musnad.store import judgements, redaction

    with opened(record) as store:
        if undo is not None:
            judgements.undo(store, undo, by, why)
            return
        wanted = [*(names or []), *(listed.read_text(encoding="utf-8-sig").split("\n") if listed else [])]
        if rule:
            found = redaction.private_persons(store)
            if not yes:
                for row in found:
                    typer.echo(f"{row['id']}\t{row['name']}\t{row['reports']}")
                typer.echo(f"{len(found)} people; add --yes to take their names out", err=True)
                return
            wanted += [row["id"] for row in found]
        wanted = [w.strip() for w in wanted if w.strip()]
        if not wanted:
            raise MusnadError("whom? give names, --list FILE or --rule")
        typer.echo(f"{redaction.redact_all(store, wanted, by, why or ('rule: private person' if rule else ''))} taken out", err=True)
