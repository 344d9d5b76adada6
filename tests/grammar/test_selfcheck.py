"""The self-check must find what doesn't hold: each case is an example that is wrong in one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from musnad.grammar.lexicon import Lexicon, read_tsv
from musnad.grammar.rules import read_rules
from musnad.grammar.selfcheck import Broken, check_all, unmark
from musnad.record.errors import BadRule
from musnad.record.kinds import Found, Time


def weekday(text: str, published: str | None, layer: str) -> list[Found]:
    """A reader of one word."""
    assert layer == "times"
    at = text.find("الخميس")
    if at < 0:
        return []
    return [
        Time(id="t1", found_by="days.thursday model@1", confidence=0.9, start=at, end=at + 6, text="الخميس", from_=published, to=published)
    ]


def check(tmp_path: Path, rules: str, layer: str = "times") -> list[Broken]:
    (tmp_path / "days.yaml").write_text(f"layer: {layer}\nrules:\n  - id: days.thursday\n    pattern: 'الخميس'\n{rules}", encoding="utf-8")
    lexicon = Lexicon()
    count, broken = check_all(lexicon, read_rules([tmp_path], lexicon), weekday)
    assert count
    return broken


@pytest.mark.parametrize("layer", ["times", "null"])
def test_examples_that_hold(tmp_path: Path, layer: str) -> None:
    assert not check(tmp_path, "    matches: ['وصل ⟦الخميس⟧ الماضي']\n    rejects: ['وصل الجمعة']\n", layer)


@pytest.mark.parametrize("layer", ["times", "null"])
@pytest.mark.parametrize(
    "rules",
    [
        "    matches: ['وصل ⟦الجمعة⟧']\n",
        "    matches: ['وصل ⟦الخميس الماضي⟧']\n",
        "    matches: ['وصل الخميس']\n",
        "    matches: ['وصل ⟦الخميس']\n",
        "    rejects: ['وصل الخميس']\n",
        "    rejects: ['وصل ⟦الخميس⟧']\n",
    ],
)
def test_examples_that_do_not_hold(tmp_path: Path, rules: str, layer: str) -> None:
    (broken,) = check(tmp_path, rules, layer)
    assert broken.where == "days.yaml"
    assert "days.thursday" in broken.rule
    assert broken.came


def test_a_record_of_another_rule_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "days.yaml").write_text(
        "layer: times\nrules:\n  - id: days.other\n    pattern: 'x'\n    matches: ['⟦الخميس⟧']\n", encoding="utf-8"
    )
    _, (broken,) = check_all(Lexicon(), read_rules([tmp_path], Lexicon()), weekday)
    assert "the span is found by days.thursday" in broken.came


def test_fields_are_compared_and_days_may_be_bare(tmp_path: Path) -> None:
    example = "    matches: [{{text: '⟦الخميس⟧', published: 2014-09-18, from: {}}}]\n"
    assert not check(tmp_path, example.format("2014-09-18"))
    (broken,) = check(tmp_path, example.format("2014-09-19"))
    assert "2014-09-18" in broken.came


def test_word_list_rows(tmp_path: Path) -> None:
    path = tmp_path / "greetings.tsv"
    path.write_text(
        "forms\texample\tcounter\nمرحبا\tقال ⟦مرحبا⟧ لهم\tقال وداعا\nأهلا\tقال ⟦مرحبا⟧\tأهلا بكم\nوداعا\tبلا علامة\t\n",
        encoding="utf-8",
    )
    lexicon = Lexicon()
    lexicon.add("greetings", read_tsv(path))
    count, broken = check_all(lexicon, {}, weekday)
    assert count == 5
    assert [b.rule for b in broken] == ["اهلا (example)", "اهلا (counter)", "وداعا (example)"]
    assert broken[0].where == "greetings.tsv:3"


def test_unmark() -> None:
    assert unmark("قال ⟦نعم⟧ و⟦لا⟧") == ("قال نعم ولا", [(4, 7), (9, 11)])
    for wrong in ("⟦⟦a⟧⟧", "a⟧", "⟦a"):
        with pytest.raises(BadRule):
            unmark(wrong)
