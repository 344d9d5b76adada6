"""The contract: every key present, the schema says exactly what is written."""

from __future__ import annotations

import json

import jsonschema
import pytest

import musnad
from musnad.export.jsonl import decode, encode, schema
from musnad.record.kinds import Line

CONTRACT = {
    "report": "id page part sha256 url title outlet republisher dateline byline published segments dropped",
    "mentions": "id start end text type form entity",
    "entities": "id type name name_en aliases country sectors offices place",
    "times": "id start end text from to grain",
    "figures": "id start end text low high bound unit of kind",
    "statements": "id cue speaker kind content act chain",
    "events": "id type mode contexts trigger actors recipients place time from to status statement claimed_by operation figures",
    "commitments": "id by to action condition deadline stance statement event",
}


def test_every_key_of_the_contract_is_there(line: Line) -> None:
    made = json.loads(encode(line))
    assert set(made) == {"schema", *CONTRACT}
    assert made["schema"] == "musnad/1"
    for name, keys in CONTRACT.items():
        items = made[name] if isinstance(made[name], list) else [made[name]]
        assert items, name
        for item in items:
            assert set(keys.split()) <= set(item), name
            if name != "report":
                assert {"found_by", "confidence", "why"} <= set(item)


def test_a_line_reads_back_as_it_was(line: Line) -> None:
    assert decode(encode(line)) == line


def test_the_schema_accepts_what_is_written_and_nothing_else(line: Line) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    made = json.loads(encode(line))
    validator.validate(made)
    for change in (
        lambda m: m.pop("events"),
        lambda m: m["report"].pop("url"),
        lambda m: m.update(schema="musnad/2"),
        lambda m: m["mentions"][0].update(type="CITY"),
        lambda m: m["mentions"][0].update(confidence=1.5),
        lambda m: m["times"][0].update(to=20211203),
        lambda m: m["statements"][0].update(said="x"),
    ):
        spoiled = json.loads(encode(line))
        change(spoiled)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate(spoiled)


def test_what_the_reader_writes_keeps_to_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    text = "قال وزير الدفاع الفرنسي جان إيف لودريان أمس إن بلاده سترسل نحو 100 جندي إلى بغداد بحلول نهاية العام الحالي."
    for doc in musnad.read_text(text, published="2021-12-04", model=False):
        validator.validate(json.loads(encode(doc.line())))


def test_lone_surrogates_do_not_stop_the_output() -> None:
    (doc,) = musnad.read_text("وصل \ud800 الوفد إلى بغداد", model=False)
    assert b"?" in encode(doc.line())
