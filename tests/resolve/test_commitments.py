"""Pledges that are followed."""

from __future__ import annotations

import random
from typing import Any

import pytest

from musnad.resolve.commitments import Step, state_on, threads

OUT = frozenset(("انسحاب", "قوات", "قتالي"))


def step(id: str, published: str, stance: str = "pledged", **more: Any) -> Step:
    known = {"by": frozenset(("usa",)), "to": frozenset(), "stems": OUT, **more}
    return Step(id=id, report=f"r{id}", published=published, stance=stance, **known)


STEPS = [
    step("1", "2021-07-26", deadline=("2021-12-31", "2021-12-31")),
    step("2", "2021-12-04", "reaffirmed", stems=OUT | {"موعد"}),
    step("3", "2021-12-05", "denied", by=frozenset(("iraq",)), to=frozenset(("usa",)), stems=OUT | {"تمديد"}),
    step("4", "2021-12-05", by=frozenset(("usa",)), stems=frozenset(("تدريب", "شرط"))),
]


def test_one_matter_is_one_thread() -> None:
    found = threads(STEPS)
    assert found["1"] == found["2"] == found["3"] == "1"
    assert found["4"] == "4"
    assert threads(STEPS, different=[("1", "3"), ("2", "3")])["3"] == "3"
    apart = threads(STEPS, different=[("1", "3")])  # not by way of a third step either
    assert apart["3"] != apart["1"]
    assert threads(STEPS, same=[("1", "4")])["4"] == "1"


def test_state_on_a_day() -> None:
    steps = STEPS[:3]
    assert state_on(steps, "2021-08-01").state == "pledged"
    assert state_on(steps, "2021-12-04").state == "reaffirmed"
    assert state_on(steps, "2021-12-06").state == "denied"
    late = state_on(steps, "2022-01-02")
    assert (late.state, late.deadline) == ("overdue", ("2021-12-31", "2021-12-31"))
    done = [*steps, step("5", "2021-12-09", "fulfilled")]
    assert state_on(done, "2022-01-02").state == "fulfilled"
    assert len(late.steps) == 3


def test_a_crowded_party_is_threaded_as_pair_by_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    words = [f"w{n}" for n in range(20)]
    steps = [
        Step(
            id=f"c{n:03}",
            report=f"r{n}",
            published=None,
            stance="pledged",
            by=frozenset(chance.choice("AB")),
            to=frozenset(chance.choice(("C", ""))),
            stems=frozenset(chance.sample(words, 3)),
            happening=chance.choice((None, None, f"v{chance.randrange(30)}")),
        )
        for n in range(150)
    ]
    apart = [("c001", "c100"), ("c002", "c003"), ("c050", "c149")]
    crowded = threads(steps, different=apart)
    monkeypatch.setattr("musnad.resolve.commitments._CROWD", 1000)
    assert crowded == threads(steps, different=apart)
    assert 1 < len(set(crowded.values())) < 150
