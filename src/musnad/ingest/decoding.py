"""From bytes to source text: encodings found, wrong ones repaired.

Decoding rules (record.md, section 1): a byte order mark is left out, `\\r\\n` and `\\r` become `\\n`, a wrong or mixed encoding is repaired, nothing else is changed.
"""

from __future__ import annotations

import codecs
import re

from musnad.ingest.mojibake import repair
from musnad.record.errors import BadPage

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"OggS", "a sound file"),
    (b"ID3", "a sound file"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file"),
)
_ARABIC = ("windows-1256", "iso-8859-6")
_NAMES = {
    "windows-1256": "Windows-1256",
    "iso-8859-6": "ISO-8859-6",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LONE = re.compile(r"[\ud800-\udfff]")
_SAMPLE = 100_000
_MOST_CONTROLS = 0.02


def decode(data: bytes, hint: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The source text of a page's bytes, and what was repaired, in plain words. `hint` is the encoding that the page or its server claims: one witness among
    others. Raises BadPage for empty and for binary input."""
    if not data.strip(b"\x00 \t\r\n\f\v\xef\xbb\xbf\xff\xfe"):
        raise BadPage("the page holds nothing but white space or zero bytes" if data else "the page is empty")
    for start, what in _BINARY:
        if data.startswith(start):
            raise BadPage(f"the page is {what}, not text")
    text, problems = _decoded(data, hint)
    if len(_CONTROLS.findall(text[:_SAMPLE])) > _MOST_CONTROLS * len(text[:_SAMPLE]):
        raise BadPage("the page is binary, not text")
    text, repaired = repair(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadPage("the page holds nothing but white space")
    return text, (*problems, *repaired)


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """A text that came decoded (from JSON, from a document) as source text: line ends made one, mojibake repaired, lone surrogates replaced; and what was repaired."""
    problems: tuple[str, ...] = ()
    if _LONE.search(text):
        text, problems = _LONE.sub("\ufffd", text), ("characters that stand for nothing were replaced",)
    text, repaired = repair(text.removeprefix("\ufeff"))
    return text.replace("\r\n", "\n").replace("\r", "\n"), (*problems, *repaired)


def _decoded(data: bytes, hint: str | None) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return text, _lost(text, ())
    wide = _wide(data)
    if wide:
        text = data.decode(wide, "replace")
        return text, _lost(text, (f"read as {_NAMES[wide]}",))
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    multi = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]", data[:_SAMPLE]))
    high = sum(data[:_SAMPLE].count(bytes((c,))) for c in range(0x80, 0x100))
    if multi * 2 >= high * 0.6:
        return _mixed(data)
    encoding = _single(data, hint)
    text = data.decode(encoding, "replace")
    return text, _lost(text, (f"read as {_NAMES.get(encoding, encoding)}",))


def _lost(text: str, problems: tuple[str, ...]) -> tuple[str, ...]:
    lost = text.count("\ufffd")
    return (*problems, f"{lost} characters couldn't be read") if lost else problems


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: one byte in two is the number of a plane's row (Latin or Arabic)."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    half = len(sample) // 2
    if half < 2:
        return None
    for encoding, rows in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        usual = rows.count(b"\x00") + rows.count(b"\x06") + rows.count(b"\x20") + rows.count(b"\xfe")
        if usual >= 0.95 * half and rows.count(b"\x00") < half and len(data) % 2 == 0:
            return encoding
        if rows.count(b"\x00") >= 0.95 * half and sample.count(b"\x00") < 1.2 * half and len(data) % 2 == 0:
            return encoding
    return None


def _single(data: bytes, hint: str | None) -> str:
    """The one-byte encoding in which the bytes read most like Arabic; the claimed one wins a tie."""
    names = list(_ARABIC)
    if hint:
        try:
            claimed = codecs.lookup(hint).name
            if claimed not in ("utf-8", "ascii") and claimed not in names:
                names.append("windows-1256" if claimed == "cp1256" else "iso-8859-6" if claimed == "iso8859-6" else claimed)
        except LookupError:
            pass
    best, best_score = names[0], float("-inf")
    for name in dict.fromkeys(names):
        try:
            sample = data[:_SAMPLE].decode(name, "replace")
        except LookupError:
            continue
        score = arabic_score(sample)
        if score > best_score:
            best, best_score = name, score
    return best


def arabic_score(text: str) -> float:
    """How much a text reads like Arabic: the article and the commonest words count for it, characters that have no place in a text against it."""
    return (
        text.count("ال")
        + sum(text.count(w) for w in (" في ", " من ", " على ", " إلى ", " أن ", "ية ", "ون ", "ين "))
        - 3.0 * text.count("\ufffd")
        - len(
            re.findall(
                r"[\x80-\x9f]|[\u064b-\u0652](?=\s)|(?<=[\u0621-\u064a])[\u00a2-\u00aa\u00ac-\u00ba\u00bc-\u00ff](?=[\u0621-\u064a])", text
            )
        )
    )


def _mixed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """UTF-8 with stretches of Windows-1256 or with broken sequences in it."""
    out: list[str] = []
    at, strange = 0, 0
    while at < len(data):
        try:
            out.append(data[at:].decode("utf-8") if at == 0 else data[at : at + _SAMPLE].decode("utf-8"))
            at = len(data) if at == 0 else at + _SAMPLE
        except UnicodeDecodeError as error:
            good = at + error.start
            out.append(data[at:good].decode("utf-8"))
            end = good + 1
            if good + 4 >= at + _SAMPLE > len(data[:good]) and error.reason == "unexpected end of data" and at + _SAMPLE < len(data):
                at = good
                continue
            while end < len(data) and data[end] >= 0x80 and not _starts_character(data, end):
                end += 1
            out.append(_stray(data[good:end]))
            strange += 1
            at = end
    text = "".join(out)
    return text, _lost(text, (f"mixed encodings: {strange} stretches weren't UTF-8 and were read as Windows-1256",))


def _starts_character(data: bytes, i: int) -> bool:
    """True when a whole UTF-8 character begins at i."""
    first = data[i]
    size = 2 if 0xC2 <= first <= 0xDF else 3 if 0xE0 <= first <= 0xEF else 4 if 0xF0 <= first <= 0xF4 else 0
    return bool(size) and i + size <= len(data) and all(0x80 <= b <= 0xBF for b in data[i + 1 : i + size])


def _stray(data: bytes) -> str:
    """Bytes that aren't UTF-8: letters in Windows-1256, or, where they are a cut-off character, the sign for a lost one."""
    if len(data) == 1 and (0x80 <= data[0] <= 0xBF or data[0] in (0xD8, 0xD9)):
        return "\ufffd"
    return data.decode("windows-1256", "replace")
