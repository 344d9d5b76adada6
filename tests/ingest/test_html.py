"""HTML pages: the article is found among what stands around it, in the mark-up of different sites."""

from __future__ import annotations

import json

import pytest

from musnad.ingest.html import read_html
from musnad.record.errors import BadPage

TITLE = "الوزارة تبدأ ترميم المدارس القديمة"
FIRST = "بدأت وزارة التربية ترميم سبعين مدرسة في المحافظات الجنوبية، على أن ينتهي العمل قبل بداية العام الدراسي."
SECOND = "وقال الوزير في مؤتمر صحافي إن الكلفة تبلغ أربعة ملايين دولار تدفعها الحكومة والجهات المانحة معا."
CAPTION = "تلاميذ في ساحة مدرسة قيد الترميم"
MENU = '<nav><a href="/">الرئيسية</a><a href="/s">سياسة</a></nav>'
LINKS = "".join(f'<li><a href="/{n}">خبر آخر من أخبار اليوم عن موضوع لا صلة له بالمدارس رقم {n}</a></li>' for n in range(12))


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>{TITLE} | صحيفة الراية</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        f"{MENU}<article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></article><aside>{LINKS}</aside>",
        f'<div id="menu"><ul>{LINKS}</ul></div><h1>{TITLE}</h1><div class="story"><p>{FIRST}</p><p>{SECOND}</p></div><div class="related"><p>{FIRST[:60]} وخبر ثالث.</p></div>',
        f'<table><tr><td><h1>{TITLE}</h1><br>{FIRST}<br><br>{SECOND}</td></tr></table><ul class="most-read">{LINKS}</ul>',
        f'<div class="c"><h1>{TITLE}</h1><div>{FIRST}</div><div>{SECOND}</div><ul>{LINKS}</ul></div>',
        f"<main><header><h1><span>{TITLE}</span></h1></header><section><p>{FIRST[:40]}<b>{FIRST[40:60]}</b>{FIRST[60:]}</p><script>x</script><p>{SECOND}</p></section></main>"
        f'<div class="comments"><p>تعليق طويل من أحد القراء على الموضوع كله وما فيه من الكلام.</p></div>',
        f'<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p><div style="display: none"><p>{FIRST} مرة أخرى</p></div><footer>جميع الحقوق محفوظة</footer>',
    ],
    ids=["article", "divs", "table and br", "links in the text", "spans", "bare"],
)
def test_the_article_is_found(body: str) -> None:
    assert read_html(page(body))[0].split("\n") == [TITLE, FIRST, SECOND]


def test_stamp_byline_and_caption_are_lines_of_their_own() -> None:
    body = (
        f'<article><h1>{TITLE}</h1><div class="meta"><span class="author">هدى سالم</span><div>الأحد 12 أيار 2019</div></div>'
        f"<figure><img><figcaption>{CAPTION}</figcaption></figure><p>{FIRST}</p><p>{SECOND}</p></article>"
    )
    lines = read_html(page(body))[0].split("\n")
    assert lines[0] == TITLE
    assert set(lines[1:4]) == {"هدى سالم", "الأحد 12 أيار 2019", CAPTION}
    assert lines[4:] == [FIRST, SECOND]


def test_what_the_head_says_is_meta_data() -> None:
    linked = {
        "@context": "x",
        "@graph": [
            {"@type": "WebSite", "name": "y"},
            {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2019-05-12T09:00:00+03:00"},
        ],
    }
    body = f"<h1>{TITLE}</h1><p>{FIRST}</p>"
    meta = read_html(
        page(body, f'<script type="application/ld+json">{json.dumps(linked)}</script><meta property="og:site_name" content="الراية">')
    )[1]
    assert (meta.title, meta.published, meta.outlet) == (TITLE, "2019-05-12", "الراية")
    older = '<meta name="pubdate" content="2019/05/12 10:00"><link rel="canonical" href="https://example.org/1"><script type="application/ld+json">{broken</script>'
    meta = read_html(page(body, older))[1]
    assert (meta.title, meta.published, meta.url, meta.outlet) == (TITLE, "2019-05-12", "https://example.org/1", None)


def test_a_page_without_a_heading_takes_its_title_from_the_head() -> None:
    assert read_html(page(f"<p>{FIRST}</p><p>{SECOND}</p>"))[0].split("\n") == [TITLE, FIRST, SECOND]


def test_a_page_without_text_is_refused() -> None:
    for html in ("<html></html>", "<body><script>var x = 1</script></body>", "<img>"):
        with pytest.raises(BadPage):
            read_html(html)


@pytest.mark.parametrize(
    "html", [f"<p>{FIRST}</p>" * 5_000, "<a href=x>" * 5_000 + FIRST, "<p" * 5_000 + f"><p>{FIRST}", f"<p>{FIRST}<td><b", f"{FIRST}<!--"]
)
def test_broken_mark_up_is_read(html: str) -> None:
    assert FIRST in read_html(html)[0]


def test_a_bomb_of_nested_elements_is_refused() -> None:
    with pytest.raises(BadPage, match="nested too deeply"):
        read_html("<div>" * 200_000 + FIRST)
