"""The text layer of Arabic PDFs: lines in visual order are turned back into reading order, wrapped lines put together into paragraphs."""

from __future__ import annotations

import re
import unicodedata

_FORMS = re.compile(r"[\ufb50-\ufdff\ufe70-\ufefc]")
_ARABIC = re.compile(r"[\u0621-\u064a\ufb50-\ufdff\ufe70-\ufefc]")
_LTR = re.compile(r"[0-9\u0660-\u0669A-Za-z][0-9\u0660-\u0669A-Za-z.,:/%@_-]*")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_STOP = re.compile(r"[.!؟?:…][\"'»”)\]]*$")
_FULL = 0.75
_VISUAL = re.compile(r"(?:^|\s)\w+لا(?=\s|$)|(?:^|\s)(?:يف|نم|ىلع|ىلإ|نأ)(?=\s|$)")
_LOGICAL = re.compile(r"(?:^|\s)ال\w+(?=\s|$)|(?:^|\s)(?:في|من|على|إلى|أن)(?=\s|$)")


def readable(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with visually ordered lines turned round, and what was done. A text in reading order is given back as it is."""
    sample = text[:20_000]
    if _FORMS.search(sample):
        sample = unicodedata.normalize("NFKC", sample)
    if len(_VISUAL.findall(sample)) <= len(_LOGICAL.findall(sample)):
        return text, ()
    return "\n".join(_turned(line) for line in text.split("\n")), ("the PDF's lines were in visual order and were turned round",)


def _turned(line: str) -> str:
    if not _ARABIC.search(line):
        return line
    return _LTR.sub(lambda m: m.group()[::-1], line[::-1].translate(_MIRRORED))


def paragraphs(text: str) -> str:
    """The text with the lines of a paragraph joined by a space: a line goes on when it is about as long as lines get and ends no sentence."""
    lines = [line.strip() for line in text.split("\n")]
    lengths = sorted(len(x) for x in lines if x)
    full = _FULL * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    out: list[list[str]] = []
    open_ = False
    for line in lines:
        if open_ and line:
            out[-1].append(line)
        else:
            out.append([line])
        open_ = len(line) >= full > 0 and not _STOP.search(line)
    return "\n".join(" ".join(parts) for parts in out).strip("\n")
