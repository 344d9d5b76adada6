"""Days as machines write them: ISO 8601, RFC 2822, seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"^\s*(\d{4})-?(\d{2})-?(\d{2})(?:$|[T\s])")
_SLASHED = re.compile(r"^\s*(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_SECONDS = re.compile(r"^\d{9,13}$")


def iso_day(value: object) -> str | None:
    """The day as an ISO string, in the time zone in which it is written; None where the value is no such day."""
    text = str(value).strip() if value is not None else ""
    try:
        if m := _ISO.match(text) or _SLASHED.match(text):
            return date(*map(int, m.groups())).isoformat()
        if _SECONDS.match(text):
            seconds = int(text) / (1000 if len(text) > 10 else 1)
            return datetime.fromtimestamp(seconds, UTC).date().isoformat()
        if re.match(r"^[A-Za-z]{3},?\s", text):
            return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        pass
    return None
