"""Files of many pages: JSON lines and tables, read row by row so that a large one never stands in memory whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import IO, Any

from musnad.ingest.days import iso_day
from musnad.ingest.decoding import clean_text, decode
from musnad.ingest.page import LARGEST, Failure, Found, Given, Page
from musnad.record.errors import BadPage

_KEYS = {
    "text": ("text", "body", "content", "article", "article_body", "articleBody", "maintext", "story", "النص"),
    "title": ("title", "headline", "head", "العنوان"),
    "id": ("id", "_id", "doc_id", "docid", "page", "uid"),
    "url": ("url", "link", "source_url", "الرابط"),
    "outlet": ("outlet", "publisher", "site_name", "newspaper", "media", "source", "site", "المصدر"),
    "published": (
        "published",
        "date",
        "published_at",
        "publish_date",
        "date_publish",
        "datePublished",
        "pubdate",
        "pubDate",
        "datetime",
        "timestamp",
        "time",
        "التاريخ",
    ),
}
"""What each key or column may be called; the first that is there counts."""
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def read_jsonl(name: str, stream: IO[bytes], given: Given) -> Found:
    """JSON lines: an object a line with text, title, id, url, outlet, published. A line that can't be read becomes a Failure, the rest is read."""
    for number, line in enumerate(_lines(stream), 1):
        page = f"{name}#{number}"
        if not line.strip():
            continue
        if len(line) > LARGEST:
            yield Failure(page, f"line {number} has more than {LARGEST // 1_000_000} MB", "Split it into its articles")
            continue
        try:
            text, problems = decode(line.strip(), given.charset)
            item = json.loads(text, strict=False)
        except BadPage as error:
            yield Failure(page, f"line {number} can't be read: {error}", "Correct the line; the others were read")
        except (ValueError, RecursionError) as error:
            yield Failure(page, f"line {number} isn't JSON ({error})", "Correct the line; the others were read")
        else:
            yield _page(name, number, item, line.strip(), problems)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of the stream; of one longer than a page may be, its beginning."""
    start = stream.readline(LARGEST + 1)
    if start.startswith(_WIDE):
        yield from (x.encode("utf-8") for x in decode(start + stream.read())[0].split("\n"))
        return
    line = start
    while line:
        yield line
        while line and not line.endswith(b"\n") and len(line) > LARGEST:
            line = stream.readline(LARGEST + 1)
        line = stream.readline(LARGEST + 1)


def read_json(name: str, data: bytes, given: Given) -> Found:
    """A JSON file: one object, an array of them, or JSON lines."""
    text, problems = decode(data, given.charset)
    try:
        items = json.loads(text, strict=False)
    except ValueError as error:
        if "\n" in text.strip():
            yield from read_jsonl(name, io.BytesIO(data), given)
            return
        raise BadPage(f"the JSON is broken ({error})") from error
    for number, item in enumerate(items if isinstance(items, list) else [items], 1):
        yield _page(name, number, item, json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass"), problems)


def read_csv(name: str, data: bytes, given: Given) -> Found:
    """A table with a heading: a row a page, the columns named as the keys of JSON lines."""
    text, problems = decode(data, given.charset)
    head = text[:10_000].split("\n", 1)[0]
    csv.field_size_limit(LARGEST)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=head.count))
    try:
        fields = [(f or "").strip() for f in rows.fieldnames or ()]
        if not {f.lower() for f in fields} & {k.lower() for k in _KEYS["text"]}:
            raise BadPage(
                f"the table has no column for the text (one of: {', '.join(_KEYS['text'][:4])}); it has {', '.join(fields[:10]) or 'none'}"
            )
        for number, row in enumerate(rows, 1):
            item = {(k or "").strip(): v for k, v in row.items() if isinstance(v, str)}
            yield _page(name, number, item, "\x1f".join(item.values()).encode("utf-8", "surrogatepass"), problems)
    except csv.Error as error:
        yield Failure(name, f"the table is broken ({error})", "Check its quotation marks; the rows before were read")


def _page(name: str, number: int, item: Any, data: bytes, problems: tuple[str, ...]) -> Page | Failure:
    """The page of one object or row; its source is the title, a line end and the text."""
    if not isinstance(item, dict):
        return Failure(f"{name}#{number}", f"item {number} isn't an object with a text", "Give an object a page, with a key 'text'")
    lower = {str(k).lower(): v for k, v in item.items()}
    values = {
        what: next(
            (
                str(v).strip() if what != "text" else str(v)
                for k in keys
                if (v := lower.get(k.lower())) not in (None, "") and not isinstance(v, dict | list)
            ),
            None,
        )
        for what, keys in _KEYS.items()
    }
    page = f"{name}#{values['id'] or number}"
    body, repaired = clean_text(values["text"] or "")
    title, titled = clean_text(values["title"] or "")
    title = " ".join(title.split())
    if not body.strip():
        return Failure(page, "it has no text", f"Give it one under the key 'text'; its keys are {', '.join(list(lower)[:10])}")
    notes = [*problems, *titled, *repaired]
    published = iso_day(values["published"])
    if values["published"] and not published:
        notes.append(f"the day of publication {values['published'][:40]!r} wasn't understood: give it as 2024-01-31")
    source = f"{title}\n{body}" if title else body
    return Page(page, source, sha256(data).hexdigest(), values["url"], None, published, values["outlet"], title or None, tuple(notes))
