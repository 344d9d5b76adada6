"""Encodings: found, repaired, or refused with a reason."""

from __future__ import annotations

import pytest

from musnad.ingest.decoding import clean_text, decode
from musnad.record.errors import BadPage

TEXT = 'أعلن وزير النقل، اليوم، أن "الجسر" سيفتح في الربيع.\nوقال: هل تكفي الأموال؟'


def as_read_in(encoding: str, text: str, written: str = "utf-8") -> str:
    """The text as it looks when its bytes are read in a one-byte encoding; bytes that the encoding leaves out stand for themselves."""
    return "".join(_char(b, encoding) for b in text.encode(written))


def _char(byte: int, encoding: str) -> str:
    try:
        return bytes((byte,)).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("hint", [None, "utf-8", "windows-1252", "windows-1256", "iso-8859-6", "no-such-encoding"])
def test_every_encoding_is_found_whatever_the_page_claims(encoding: str, hint: str | None) -> None:
    assert decode(TEXT.encode(encoding), hint)[0] == TEXT


@pytest.mark.parametrize(
    "broken",
    [
        as_read_in("cp1252", TEXT),
        as_read_in("latin-1", TEXT),
        as_read_in("cp1252", as_read_in("cp1252", TEXT)),
        as_read_in("cp1256", TEXT),
        as_read_in("cp1252", TEXT, "cp1256"),
        TEXT[:30] + as_read_in("cp1252", TEXT[30:]),
        as_read_in("cp1256", TEXT[:30]) + TEXT[30:],
    ],
    ids=["cp1252", "latin-1", "twice", "cp1256", "1256 as 1252", "second half", "first half"],
)
def test_double_encoded_text_is_repaired_also_in_part(broken: str) -> None:
    assert broken != TEXT
    text, problems = decode(broken.encode())
    assert text == TEXT
    assert any("double-encoded" in p for p in problems)


def test_a_stretch_in_another_encoding_is_read_in_it() -> None:
    text, problems = decode((TEXT + "\n").encode() * 3 + TEXT.encode("windows-1256"))
    assert text == (TEXT + "\n") * 3 + TEXT
    assert "mixed encodings" in problems[0]


@pytest.mark.parametrize(
    "sound", [TEXT, "مئة «فقط»، ضغط؛ حفظ…", "Café à Orléans, où l'été", "ظ، ط؟ ع» غ…", "Ø 5 mm × 3 mm", "نص فيه Ø§ مرة واحدة"]
)
def test_sound_text_stays_as_it_is(sound: str) -> None:
    assert decode(sound.encode()) == (sound, ())


def test_line_ends_become_one_and_nothing_else_is_changed() -> None:
    text = "سطر\tأول \u200f  \u0640\r\nثان\rثالث\n\n\ufefa\u00a0رابع "
    assert decode(b"\xef\xbb\xbf" + text.encode())[0] == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "white space"),
        (b"\x00" * 5000, "zero bytes"),
        (b"\x89PNG\r\n\x1a\n123", "PNG"),
        (b"%PDF-1.4 ...", "PDF"),
        (b"PK\x03\x04abc", "ZIP"),
        (bytes(range(256)) * 40, "binary"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BadPage, match=reason):
        decode(data)


def test_a_lost_byte_costs_one_character() -> None:
    data = TEXT.encode()
    text, problems = decode(data[:40] + data[41:])
    assert text.startswith(TEXT[:20]) and text.endswith(TEXT[30:])
    assert any("couldn't be read" in p for p in problems)


def test_lone_surrogates_are_replaced() -> None:
    text, problems = clean_text("نص \ud800 آخر\r\n")
    assert text == "نص \ufffd آخر\n" and problems
