"""Names in Latin letters inside Arabic text: capitals are nearly always an organisation's letters ("CNN")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from musnad.stages.names_words import Candidate, Words

_CAPITALS = re.compile("[A-Z]{2,6}")
_NO_NAMES = frozenset(
    "tv gps usb pdf dna rna hiv dvd led lcd html sms app ios vip am pm gmt utc covid pcr url id ok ii iii iv vi vii pc hd uhd cd sim pin".split()
)


def latin(words: Words) -> Iterator[Candidate]:
    """Words of two to six capitals."""
    for i, token in enumerate(words.tokens):
        if token.kind == "latin" and token.form not in _NO_NAMES and _CAPITALS.fullmatch(words.source(i)):
            yield words.candidate(i, i + 1, 0, "ORG", "names.capitals", 0.8)
