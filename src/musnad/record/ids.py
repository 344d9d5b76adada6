"""Stable ids: the same source text, layer, span and key values give the same id in every run and version."""

from __future__ import annotations

from hashlib import blake2b

_LETTERS = {
    "report": "r",
    "mentions": "m",
    "entities": "e",
    "times": "t",
    "figures": "f",
    "statements": "s",
    "events": "v",
    "commitments": "c",
}


def make_id(report: str, layer: str, *key: object) -> str:
    """An id of one letter and 16 hex digits, from the report's id (or the page's hash), the layer and the key values."""
    digest = blake2b("\x1f".join([report, layer, *map(str, key)]).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return _LETTERS[layer] + digest
