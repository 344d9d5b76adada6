"""What an HTML page's head says of it: title, day of publication, outlet, address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from musnad.ingest.days import iso_day

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_ARTICLE = re.compile(r"Article|Report|Posting|NewsArticle|WebPage", re.IGNORECASE)
_DAYS = (
    "article:published_time", "og:article:published_time", "datepublished", "date.published", "publishdate", "publish_date", "publish-date", "pubdate", "pub_date",
    "publication_date", "article.published", "article_date_original", "originalpublicationdate", "cxenseparse:recs:publishtime", "sailthru.date", "parsely-pub-date",
    "dc.date.issued", "dcterms.created", "dc.date", "dc.date.created", "dcterms.date", "og:pubdate", "date", "created",
)  # fmt: skip
_OUTLETS = ("og:site_name", "application-name", "publisher", "dc.publisher", "article:publisher", "twitter:app:name:iphone")
_TITLES = ("og:title", "twitter:title", "dc.title", "title")
_LARGEST = 500_000
_SITE = re.compile(r"\s+[|–—»]\s+[^|–—»]{1,40}$")
"""The site's name behind the title."""


@dataclass(frozen=True, slots=True)
class Meta:
    """`published` is an ISO day; what the page doesn't say is None."""

    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    url: str | None = None


def read_meta(tree: LexborHTMLParser) -> Meta:
    """The meta data of the page: JSON-LD before Open Graph and the older names."""
    named: dict[str, str] = {}
    for node in tree.css("meta"):
        a = node.attributes
        key = a.get("property") or a.get("name") or a.get("itemprop")
        content = (a.get("content") or "").strip()
        if key and content:
            named.setdefault(key.lower(), content)
    linked = next(_articles(tree), {})
    publisher = linked.get("publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    outlet = publisher.get("name") if isinstance(publisher, dict) else publisher
    day = iso_day(_string(linked.get("datePublished"))) or next((d for k in _DAYS if (d := iso_day(named.get(k)))), None)
    if day is None:
        day = next((d for n in tree.css("time[datetime]") if (d := iso_day(n.attributes.get("datetime")))), None)
    canonical = tree.css_first("link[rel=canonical]")
    heading = tree.css_first("title")
    url = named.get("og:url") or (canonical.attributes.get("href") if canonical else None)
    return Meta(
        title=_line(
            _string(linked.get("headline"))
            or next((named[k] for k in _TITLES if k in named), None)
            or (_SITE.sub("", heading.text()) if heading else None)
        ),
        published=day,
        outlet=_line(_string(outlet) or next((named[k] for k in _OUTLETS if k in named and not named[k].startswith("http")), None)),
        url=url if url and url.startswith("http") else None,
    )


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _articles(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects of the page that describe an article, the ones with a day first."""
    found: list[dict[str, Any]] = []
    for node in tree.css('script[type="application/ld+json"]'):
        raw = node.text() or ""
        if len(raw) > _LARGEST:
            continue
        try:
            data = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        todo = [data]
        while todo and len(found) < 100:
            item = todo.pop()
            if isinstance(item, list):
                todo.extend(item)
            elif isinstance(item, dict):
                if isinstance(item.get("@graph"), list):
                    todo.extend(item["@graph"])
                if _ARTICLE.search(str(item.get("@type", ""))):
                    found.append(item)
    yield from sorted(found, key=lambda x: ("headline" not in x, "datePublished" not in x))
