"""Every format gives the same page, and one bad page never stops the others."""

from __future__ import annotations

import csv
import gzip
import io
import json
from hashlib import sha256
from pathlib import Path

import pytest

from musnad.ingest import pages
from musnad.ingest.days import iso_day
from musnad.ingest.formats import read_bytes
from musnad.ingest.page import LARGEST, Failure, Page
from musnad.ingest.pdftext import paragraphs, readable
from musnad.record.errors import BadPage

TITLE = "افتتاح الجسر الجديد"
BODY = "افتتح الوزير الجسر الجديد صباح اليوم بحضور أهالي المدينة.\nوقال إن الكلفة بلغت ثلاثة ملايين دينار."
HTML = (
    f"<html><head><title>x</title></head><body><h1>{TITLE}</h1><p>{BODY.split(chr(10))[0]}</p><p>{BODY.split(chr(10))[1]}</p></body></html>"
)


def only(name: str, data: bytes) -> Page:
    (page,) = read_bytes(name, data)
    assert isinstance(page, Page), page
    return page


def docx_of(*lines: str) -> bytes:
    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_of(*lines: str) -> bytes:
    """A PDF of one page with these lines of Latin text."""
    shown = "BT /F1 12 Tf 50 700 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{p:010} 00000 n \n" for p in places)
    return (out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").encode("latin-1")


def warc_of(*captures: tuple[str, str, bytes, str]) -> bytes:
    """A web archive of (address, kind, body, status)."""
    out = b""
    for url, kind, body, status in captures:
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2019-05-12T10:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{abs(hash(url)):032x}>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        out += head.encode() + http + b"\r\n\r\n"
    return out


def test_one_page_in_every_format_has_one_text() -> None:
    row = {
        "id": "7",
        "title": TITLE,
        "text": BODY,
        "published": "2019-05-12T08:00:00+03:00",
        "outlet": "الراية",
        "url": "https://example.org/7",
    }
    table = io.StringIO()
    writer = csv.DictWriter(table, row)
    writer.writeheader()
    writer.writerow(row)
    source = f"{TITLE}\n{BODY}"
    assert only("a.txt", source.encode()).source == source
    assert only("a.html", HTML.encode()).source == source
    assert only("a.docx", docx_of(TITLE, *BODY.split("\n"))).source == source
    for name, data in (("a.jsonl", json.dumps(row).encode()), ("a.json", json.dumps([row]).encode()), ("a.csv", table.getvalue().encode())):
        page = only(name, data)
        assert (page.name, page.source, page.title) == (f"{name}#7", source, TITLE)
        assert (page.published, page.outlet, page.url) == ("2019-05-12", "الراية", "https://example.org/7")


def test_the_hash_is_of_the_original_bytes_and_gzip_is_seen_through() -> None:
    data = BODY.encode("windows-1256")
    assert only("a.txt", data).sha256 == sha256(data).hexdigest()
    assert only("a.txt.gz", gzip.compress(data)).source == BODY


def test_a_file_without_an_ending_is_told_by_its_first_bytes() -> None:
    assert only("page", HTML.encode()).source == f"{TITLE}\n{BODY}"
    assert only("-", json.dumps({"text": BODY}).encode()).name == "-#1"
    assert only("a.txt", HTML.encode()).source == f"{TITLE}\n{BODY}"


def test_a_pdf_gives_its_text_layer() -> None:
    page = only("a.pdf", pdf_of("The bridge was opened.", "The minister spoke."))
    assert page.source.split("\n") == ["The bridge was opened.", "The minister spoke."]


def test_lines_in_visual_order_are_turned_round() -> None:
    line = "افتتح الوزير الجسر في المدينة يوم 12/5/2019 (صباحا)"
    visual = line.replace("12/5/2019", "12/5/2019"[::-1]).translate(str.maketrans("()", ")("))[::-1]
    assert readable(visual) == (line, ("the PDF's lines were in visual order and were turned round",))
    assert readable(line) == (line, ())


def test_wrapped_lines_become_paragraphs() -> None:
    text = "افتتح الوزير الجسر الجديد في المدينة بعد\nأعوام من العمل المتواصل على ضفتي النهر.\nوقال إن العمل انتهى."
    assert paragraphs(text) == text.replace("بعد\n", "بعد ")


def test_an_archive_gives_its_pages_with_address_and_day() -> None:
    data = warc_of(
        ("https://example.org/1", "text/html; charset=utf-8", HTML.encode(), "200 OK"),
        ("https://example.org/logo.png", "image/png", b"\x89PNG", "200 OK"),
        ("https://example.org/gone", "text/html", b"<p>no</p>", "404 Not Found"),
        ("https://example.org/empty", "text/html", b"", "200 OK"),
    )
    for packed in (data, gzip.compress(data)):
        page, empty = read_bytes("a.warc.gz" if packed is not data else "a.warc", packed)
        assert isinstance(page, Page) and isinstance(empty, Failure)
        assert (page.name.split("#")[1], page.url, page.captured) == ("https://example.org/1", "https://example.org/1", "2019-05-12")
        assert page.source == f"{TITLE}\n{BODY}"
        assert "empty" in empty.reason


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"\x00" * 9999, "zero bytes"),
        ("a.txt", b"\x89PNG\r\n\x1a\n....", "PNG"),
        ("a.txt.gz", b"\x1f\x8b\x08broken", "broken"),
        ("a.txt", b"x" * (LARGEST + 1), "more than"),
        ("a.html", b"<html><body><script>x</script></body></html>", "no text"),
        ("a.csv", b"a,b\n1,2\n", "no column for the text"),
        ("a.json", b"{broken", "JSON is broken"),
        ("a.docx", b"PK\x03\x04broken", "broken"),
        ("a.docx", docx_of(""), "no text"),
        ("a.pdf", b"%PDF-1.4 broken", "broken"),
        ("a.pdf", pdf_of(), "no text layer"),
        ("a.warc", b"WARC/1.0\r\nbroken", "no page"),
    ],
)
def test_a_bad_page_is_a_failure_with_its_reason(name: str, data: bytes, reason: str) -> None:
    (failure,) = read_bytes(name, data)
    assert isinstance(failure, Failure) and failure.name == name
    assert reason in failure.reason and failure.advice


def test_a_bad_line_does_not_stop_the_others() -> None:
    lines = [
        json.dumps({"text": BODY}),
        "{broken",
        "[]",
        json.dumps({"title": TITLE}),
        "",
        json.dumps({"text": "نص \ud800"}),
        json.dumps({"text": BODY, "date": "soon"}),
    ]
    got = list(read_bytes("a.jsonl", "\n".join(lines).encode()))
    assert [type(x).__name__ for x in got] == ["Page", "Failure", "Failure", "Failure", "Page", "Page"]
    assert [x.name for x in got] == [f"a.jsonl#{n}" for n in (1, 2, 3, 4, 6, 7)]
    assert isinstance(got[5], Page) and "wasn't understood" in got[5].problems[0]


def test_paths_folders_globs_and_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.html").write_text(HTML, encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    names = [x.name for x in pages([tmp_path])]
    assert names == [str(tmp_path / "b.txt"), str(tmp_path / "inner" / "a.html")]
    assert [x.name for x in pages([str(tmp_path / "*.txt")])] == [str(tmp_path / "b.txt")]
    (tmp_path / "none").mkdir()
    for path, reason in (
        (tmp_path / "nothing.txt", "no such file"),
        (tmp_path / "*.pdf", "no file matches"),
        (tmp_path / "none", "no page that can be read"),
    ):
        (failure,) = pages([path])
        assert isinstance(failure, Failure) and reason in failure.reason


def test_an_address_that_cannot_be_reached_is_a_failure() -> None:
    for url in ("http://127.0.0.1:9/page", "https://", "http://[broken"):
        (failure,) = pages([url])
        assert isinstance(failure, Failure) and failure.reason and failure.advice


def test_metadata_are_matched_by_path_and_by_name(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(BODY, encoding="utf-8")
    table = tmp_path / "metadata.csv"
    table.write_text(
        f"page,published,outlet,url\na.txt,2019-05-12,الراية,https://example.org/a\n{tmp_path / 'b.txt'},12 May,,\n", encoding="utf-8-sig"
    )
    a, b, c = (x for x in pages([tmp_path], table) if isinstance(x, Page))
    assert (a.published, a.outlet, a.url) == ("2019-05-12", "الراية", "https://example.org/a")
    assert b.published is None and "wasn't understood" in b.problems[0]
    assert (c.published, c.outlet, c.problems) == (None, None, ())
    table.write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(BadPage, match="column 'page'"):
        list(pages([tmp_path], table))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2019-05-12", "2019-05-12"),
        ("2019-05-12T23:30:00+04:00", "2019-05-12"),
        ("20190512", "2019-05-12"),
        ("2019/5/2", "2019-05-02"),
        ("Sun, 12 May 2019 10:00:00 GMT", "2019-05-12"),
        (1557655200, "2019-05-12"),
        ("1557655200000", "2019-05-12"),
        ("2019-02-30", None),
        ("أمس", None),
        (None, None),
    ],
)
def test_days_as_machines_write_them(value: object, day: str | None) -> None:
    assert iso_day(value) == day
