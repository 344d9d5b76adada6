"""Commitments: golden sentences with what is promised, by whom and with what stance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from musnad.reading import read_text

GOLDEN = Path(__file__).parent.parent / "golden" / "commitments"
CASES = [c for path in sorted(GOLDEN.glob("*.yaml")) for c in yaml.safe_load(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_golden(case: dict[str, Any]) -> None:
    doc = read_text(case["text"], published=case.get("published"), model=False)[0]
    found = [(c.action.text, c.stance, [b.text for b in c.by]) for c in doc.commitments]
    if not case["commitments"]:
        assert not found
    for wanted in case["commitments"]:
        start = doc.source.index(wanted["action"])
        span = set(range(start, start + len(wanted["action"])))
        hit = [
            c
            for c in doc.commitments
            if 2 * len(span & set(range(c.action.start, c.action.end))) >= len(span | set(range(c.action.start, c.action.end)))
            and any(wanted["by"] in b.text for b in c.by)
            and wanted.get("stance", c.stance) == c.stance
        ]
        assert hit, found


def test_a_commitment_says_who_found_it() -> None:
    for c in read_text("تعهدت فرنسا بتقديم الدعم العسكري للقوات العراقية.", model=False)[0].commitments:
        assert c.found_by.startswith("commitments.") and 0.0 < c.confidence <= 1.0
