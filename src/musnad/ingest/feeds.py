"""A feed (RSS, Atom, RDF) as its entries. Nothing in it is followed or trusted: addresses are only told."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import urljoin

from musnad.ingest.days import iso_day
from musnad.record.errors import BadPage

_TAGS = re.compile(r"<[^<>]{0,500}>")
_MOST = 500
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `id` is the feed's own name for it, `mark` changes when the feed says that the entry did; `published` is an ISO day, `html` the text that the
    feed itself carries."""

    id: str
    link: str | None
    title: str | None
    published: str | None
    mark: str
    html: str | None = None


def read_feed(data: bytes, url: str, kind: str = "application/xml") -> list[Entry]:
    """The entries of a feed in its order, the first five hundred. Entities are never fetched nor unfolded beyond measure; what is broken is passed over.
    Raises BadPage where this is no feed; the text names the feeds that a web page refers to."""
    import feedparser

    # Not the bytes themselves: feedparser takes short ones for a file's name.
    found = feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-type": kind, "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.get("version") and not found.entries:
        named = _referred(data, url)
        raise BadPage("this isn't a feed (RSS or Atom)" + (f"; the page names {' and '.join(named)}" if named else ""))
    entries = (_entry(x, url) for x in found.entries[:_MOST])
    return list({e.id: e for e in entries if e is not None}.values())


def _entry(x: Any, url: str) -> Entry | None:
    link = _text(x.get("link"))
    link = urljoin(url, link).partition("#")[0] if link else None
    link = link if link != url else None
    id = _text(x.get("id")) or link
    if not id:
        return None
    title = " ".join(unescape(_TAGS.sub(" ", _text(x.get("title")) or "")).split()) or None
    told = {
        k: _text(dict.get(x, k)) for k in ("link", "title", "published", "created", "updated")
    }  # dict's own get: no key stands in for another
    published = next((d for k in ("published", "created", "updated") if (d := iso_day(told[k]))), None)
    said = "\x1f".join(value or "" for value in told.values())
    held = next((_long(c.get("value")) for c in x.get("content") or () if c.get("value")), None)
    return Entry(
        id=id[:_LONGEST],
        link=link if link and len(link) <= _LONGEST else None,
        title=title,
        published=published,
        mark=sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        html=held or _long(x.get("summary")),
    )


def _text(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _long(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _referred(data: bytes, url: str) -> list[str]:
    """The addresses of the feeds that a web page names in its head."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(data[:200_000].decode("utf-8", "replace"))
    nodes = tree.css("link[rel=alternate][href][type='application/rss+xml'], link[rel=alternate][href][type='application/atom+xml']")
    return [urljoin(url, n.attributes.get("href") or "")[:200] for n in nodes[:3]]
