"""One reader a format: from a file's bytes to its pages."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from typing import Any

from musnad.ingest.days import iso_day
from musnad.ingest.decoding import clean_text, decode
from musnad.ingest.page import Failure, Page
from musnad.record.errors import BadPage

LARGEST = 64_000_000
"""Bytes of one page; a file of many pages may be larger."""

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
_HTML_START = re.compile(
    rb"^[\s\xef\xbb\xbf\xff\xfe\x00]*<(?:!doctype\s+html|html|head|body|\?xml[^>]*>\s*<(?:!doctype\s+html|html))", re.IGNORECASE
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_CSV_FIELD = 10_000_000
_UNZIPPED = 200_000_000


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a file beside its bytes."""

    url: str | None = None
    captured: str | None = None
    charset: str | None = None


Found = Iterator[Page | Failure]


def read_bytes(name: str, data: bytes, given: Given = Given()) -> Found:
    """The pages of a file by its ending, and by its first bytes where the ending says nothing. A page that can't be read becomes a Failure."""
    ending = name.lower().rsplit("/", 1)[-1]
    if ending.endswith(".gz"):
        ending = ending[:-3]
    if data.startswith(b"\x1f\x8b") and not ending.endswith(".warc"):
        try:
            data = _unzipped(data)
        except (OSError, EOFError, zlib.error) as error:
            yield Failure(name, f"the gzip archive is broken ({error})", "Fetch the file again")
            return
    if not data.strip():
        yield Failure(name, "the page is empty", "Leave it out, or fetch it again")
        return
    reader = _reader(ending, data)
    if len(data) > LARGEST and reader not in _MANY:
        yield Failure(
            name,
            f"the page has {len(data) // 1_000_000} MB; the most for one page is {LARGEST // 1_000_000} MB",
            "Split it into its articles",
        )
        return
    try:
        yield from reader(name, data, given)
    except BadPage as error:
        yield Failure(name, str(error), "Give a page with text: .txt, .html, .jsonl, .csv, .docx, .pdf or .warc")
    except RecursionError:
        yield Failure(name, "the page is nested too deeply to be read", "Save its text and read that")


def _reader(ending: str, data: bytes) -> Callable[[str, bytes, Given], Found]:
    for suffix, reader in READERS.items():
        if ending.endswith(suffix):
            if suffix == ".txt" and _HTML_START.match(data[:1000]):
                return read_html_page
            return reader
    if data.startswith(b"%PDF"):
        return read_pdf
    if data.startswith(b"PK\x03\x04") and b"word/" in data:
        return read_docx
    if data.startswith(b"WARC/"):
        return read_warc
    if _HTML_START.match(data[:1000]):
        return read_html_page
    return read_text_page


def _unzipped(data: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        out = file.read(_UNZIPPED + 1)
    if len(out) > _UNZIPPED:
        raise OSError(f"it unpacks to more than {_UNZIPPED // 1_000_000} MB")
    return out


def read_text_page(name: str, data: bytes, given: Given) -> Found:
    """A plain text: the whole file is one page."""
    text, problems = decode(data, given.charset)
    yield Page(name, text, sha256(data).hexdigest(), given.url, given.captured, problems=problems)


def read_html_page(name: str, data: bytes, given: Given) -> Found:
    """An HTML page: the source text is its article as text (html.py)."""
    from musnad.ingest.html import read_html

    claimed = _CHARSET.search(data[:4096])
    hint = given.charset or (claimed.group(1).decode("ascii", "ignore") if claimed else None)
    html, problems = decode(data, hint)
    text, meta = read_html(html)
    yield Page(
        name,
        text,
        sha256(data).hexdigest(),
        given.url or meta.url,
        given.captured,
        published=meta.published,
        outlet=meta.outlet,
        title=None,
        problems=problems,
    )


def read_jsonl(name: str, data: bytes, given: Given) -> Found:
    """JSON lines (or one JSON array): an object a page with text, title, id, url, outlet, published. A broken line becomes a Failure, the rest is read."""
    text, problems = decode(data, given.charset)
    if text.lstrip().startswith("[") or (name.lower().removesuffix(".gz").endswith(".json") and "\n{" not in text):
        try:
            items = json.loads(text, strict=False)
        except ValueError as error:
            yield Failure(name, f"the JSON is broken ({error})", "Check the file with a JSON tool")
            return
        for number, item in enumerate(items if isinstance(items, list) else [items], 1):
            yield _from_object(name, number, item, json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass"), problems)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                item = json.loads(line, strict=False)
            except ValueError as error:
                yield Failure(f"{name}#{number}", f"line {number} isn't JSON ({error})", "Correct the line; the others were read")
                continue
            yield _from_object(name, number, item, line.encode("utf-8", "surrogatepass"), problems)


def read_csv(name: str, data: bytes, given: Given) -> Found:
    """A table with a heading: a row a page, the columns named as the keys of JSON lines."""
    text, problems = decode(data, given.charset)
    head = text[:10_000].split("\n", 1)[0]
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(_CSV_FIELD)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    fields = [(f or "").strip() for f in rows.fieldnames or ()]
    if not any(f.lower() in {k.lower() for k in _KEYS["text"]} for f in fields):
        raise BadPage(
            f"the table has no column for the text (one of: {', '.join(_KEYS['text'][:4])}); its columns are {', '.join(fields[:10]) or 'none'}"
        )
    try:
        for number, row in enumerate(rows, 1):
            item = {(k or "").strip(): v for k, v in row.items() if isinstance(v, str)}
            yield _from_object(name, number, item, "\x1f".join(item.values()).encode("utf-8", "surrogatepass"), problems)
    except csv.Error as error:
        yield Failure(name, f"the table is broken after some rows ({error})", "Check its quotation marks")


def _from_object(name: str, number: int, item: Any, data: bytes, problems: tuple[str, ...]) -> Page | Failure:
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


def read_docx(name: str, data: bytes, given: Given) -> Found:
    """A Word document: paragraphs and table cells, a line each."""
    from xml.etree.ElementTree import ParseError
    from zipfile import BadZipFile, ZipFile

    import docx
    from docx.oxml.ns import qn

    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if sum(i.file_size for i in archive.infolist()) > _UNZIPPED:
                raise BadPage(f"the document unpacks to more than {_UNZIPPED // 1_000_000} MB")
        document = docx.Document(io.BytesIO(data))
    except (BadZipFile, KeyError, ValueError, ParseError, SyntaxError) as error:
        raise BadPage(f"the Word document is broken ({error})") from error
    lines = []
    for paragraph in document.element.body.iter(qn("w:p")):
        parts = []
        for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")):
            parts.append((node.text or "") if node.tag == qn("w:t") else "\t" if node.tag == qn("w:tab") else "\n")
        lines.append("".join(parts))
    text, problems = clean_text("\n".join(lines))
    if not text.strip():
        raise BadPage("the Word document holds no text")
    yield Page(name, text, sha256(data).hexdigest(), given.url, given.captured, problems=problems)


def read_pdf(name: str, data: bytes, given: Given) -> Found:
    """A PDF with a text layer: its pages' lines in the order in which the layer has them."""
    import logging

    import pypdf

    from musnad.ingest.pdftext import readable

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadPage("the PDF is locked with a password")
        texts = [p.extract_text() or "" for p in islice(reader.pages, 2000)]
    except BadPage:
        raise
    except Exception as error:  # pypdf raises many kinds of errors on broken files
        raise BadPage(f"the PDF is broken ({type(error).__name__}: {error})") from error
    text, problems = clean_text("\n".join(texts))
    if not text.strip():
        raise BadPage("the PDF has no text layer: it is a scan")
    text, turned = readable(text)
    yield Page(name, text, sha256(data).hexdigest(), given.url, given.captured, problems=(*problems, *turned))


def read_warc(name: str, data: bytes, given: Given) -> Found:
    """A web archive: each HTML or text response is a page, named FILE#URL, with its URL and day of capture."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    found = False
    seen: set[str] = set()
    try:
        for record in ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response | WarcRecordType.resource, parse_http=True):
            said = {k.lower(): v for k, v in record.headers.items()}
            url = said.get("warc-target-uri", "").strip("<>")
            http = record.http_headers
            kind = (record.http_content_type or said.get("content-type", "")).lower()
            if kind and not kind.startswith(("text/html", "application/xhtml", "text/plain")):
                continue
            page = f"{name}#{url or said.get('warc-record-id', '').strip('<>')}"
            if http is not None and http.status_code and not 200 <= http.status_code < 300:
                continue
            if page in seen:
                continue
            seen.add(page)
            found = True
            body = record.reader.read(LARGEST + 1)
            date = said.get("warc-date", "")[:10]
            known = replace(given, url=url or None, captured=iso_day(date), charset=record.http_charset)
            if len(body) > LARGEST:
                yield Failure(page, f"the page has more than {LARGEST // 1_000_000} MB", "Leave it out")
                continue
            for item in read_bytes("page.html" if "html" in kind else "page.txt", body, known):
                yield replace(item, name=page)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        yield Failure(name, f"the web archive is broken ({error})", "Fetch it again; the pages before the break were read")
        return
    if not found:
        yield Failure(name, "the web archive holds no page of HTML or text", "Check that it has 'response' records")


READERS: dict[str, Callable[[str, bytes, Given], Found]] = {
    ".txt": read_text_page,
    ".text": read_text_page,
    ".md": read_text_page,
    ".html": read_html_page,
    ".htm": read_html_page,
    ".xhtml": read_html_page,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".warc": read_warc,
}
_MANY = (read_jsonl, read_csv, read_warc)
