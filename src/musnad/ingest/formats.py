"""One reader a format: from a file's bytes to its pages."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import IO, cast

from musnad.ingest.days import iso_day
from musnad.ingest.decoding import clean_text, decode
from musnad.ingest.page import LARGEST, Failure, Found, Given, Page
from musnad.ingest.rows import read_csv, read_json, read_jsonl
from musnad.record.errors import BadPage

_HTML_START = re.compile(
    rb"^[\s\xef\xbb\xbf\xff\xfe\x00]*<(?:!doctype\s+html|html|head|body|\?xml[^>]*>\s*<(?:!doctype\s+html|html))", re.IGNORECASE
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_JSON_START = re.compile(rb'^[\s\xef\xbb\xbf]*\{\s*"')
_START = 4096
_UNZIPPED = 200_000_000


_ADVICE = "Give a page with text: .txt, .html, .jsonl, .csv, .docx, .pdf or .warc"

One = Callable[[str, bytes, Given], Found]
Many = Callable[[str, IO[bytes], Given], Found]


def read_bytes(name: str, data: bytes, given: Given = Given()) -> Found:
    """The pages of a file's bytes; see `read_stream`."""
    return read_stream(name, io.BytesIO(data), given)


def read_stream(name: str, stream: IO[bytes], given: Given = Given()) -> Found:
    """The pages of a file by its ending, and by its first bytes where the ending says nothing. A page that can't be read becomes a Failure; nothing is raised.

    Files of many pages (JSON lines, web archives) are read as they come, pages of their own up to `LARGEST` bytes. `stream` must allow `seek`.
    """
    try:
        ending = name.lower().rsplit("/", 1)[-1]
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        if packed and not ending.endswith((".warc", ".warc.gz")):
            stream = cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
        start = stream.read(_START)
        stream.seek(0)
        if not start.strip():
            yield Failure(name, "the page is empty", "Leave it out, or fetch it again")
            return
        many = _many(ending.removesuffix(".gz"), start)
        if many:
            yield from many(name, stream, given)
            return
        data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            yield Failure(name, f"the page has more than {LARGEST // 1_000_000} MB", "Split it into its articles")
            return
        yield from _one(ending.removesuffix(".gz"), start)(name, data, given)
    except BadPage as error:
        yield Failure(name, str(error), _ADVICE)
    except RecursionError:
        yield Failure(name, "the page is nested too deeply to be read", "Save its text and read that")
    except (OSError, EOFError, zlib.error) as error:
        yield Failure(name, f"the file is broken or can't be read ({error})", "Fetch it again; what came before the break was read")


def _many(ending: str, start: bytes) -> Many | None:
    if ending.endswith((".jsonl", ".ndjson")):
        return read_jsonl
    if ending.endswith(".warc") or start.startswith(b"WARC/"):
        return read_warc
    return read_jsonl if not ending.endswith(tuple(READERS)) and _JSON_START.match(start) else None


def _one(ending: str, start: bytes) -> One:
    for suffix, reader in READERS.items():
        if ending.endswith(suffix):
            return read_html_page if reader is read_text_page and _HTML_START.match(start) else reader
    if start.startswith(b"%PDF"):
        return read_pdf
    if start.startswith(b"PK\x03\x04"):
        return read_docx
    return read_html_page if _HTML_START.match(start) else read_text_page


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

    from musnad.ingest.pdftext import paragraphs, readable

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
    yield Page(name, paragraphs(text), sha256(data).hexdigest(), given.url, given.captured, problems=(*problems, *turned))


def read_warc(name: str, stream: IO[bytes], given: Given) -> Found:
    """A web archive: each HTML or text response is a page, named FILE#URL, with its URL and day of capture; of an address captured twice the first."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    seen: set[str] = set()
    try:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response | WarcRecordType.resource, parse_http=True):
            said = {k.lower(): v for k, v in record.headers.items()}
            kind = (record.http_content_type or said.get("content-type", "")).lower()
            if kind and not kind.startswith(("text/html", "application/xhtml", "text/plain")):
                continue
            http = record.http_headers
            if http is not None and http.status_code and not 200 <= http.status_code < 300:
                continue
            url = said.get("warc-target-uri", "").strip("<>")
            page = f"{name}#{url or said.get('warc-record-id', '').strip('<>')}"
            if page in seen:
                continue
            seen.add(page)
            body = record.reader.read(LARGEST + 1)
            known = replace(given, url=url or None, captured=iso_day(said.get("warc-date", "")[:10]), charset=record.http_charset)
            for item in read_bytes("page.html" if "html" in kind else "page", body, known):
                yield replace(item, name=page)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        yield Failure(name, f"the web archive is broken ({error})", "Fetch it again; the pages before the break were read")
        return
    if not seen:
        raise BadPage("the web archive holds no page of HTML or text")


READERS: dict[str, One] = {
    ".txt": read_text_page,
    ".text": read_text_page,
    ".md": read_text_page,
    ".html": read_html_page,
    ".htm": read_html_page,
    ".xhtml": read_html_page,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
ENDINGS = (*READERS, ".jsonl", ".ndjson", ".warc")
"""The endings of files that are read, each also with .gz."""
