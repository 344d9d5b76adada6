"""The shipped model, on sentences written for these tests."""

from __future__ import annotations

import subprocess
import sys

import pytest

from musnad import tagger
from musnad.document import Document
from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.text import Text
from musnad.record.guess import Guess, Tagging
from musnad.record.kinds import Segment
from musnad.tagger.features import SIZE
from musnad.tagger.model import Tagger
from musnad.tagger.windows import words_of

ATTACK = "قُتل خمسة جنود وأصيب آخرون في هجوم شنه مسلحون على حاجز للجيش الليبي قرب بنغازي يوم الجمعة."
TALKS = "وقال وزير الخارجية التونسي خميس الجهيناوي إن الحكومة لن تتراجع عن الإصلاحات، متعهدا بدعم الفلاحين."


def text_of(source: str) -> Text:
    return Text(Folded(source), [Segment(start=0, end=len(source), text=source, kind="body")], Lexicon())


@pytest.fixture(scope="module")
def model() -> Tagger:
    return tagger.load()


def cut(source: str, g: Guess) -> str:
    return source[g.start : g.end]


def test_names_are_cut_without_their_clitics(model: Tagger) -> None:
    source = "زار الوفد بغداد ودمشق ثم اتجه إلى القاهرة."
    assert {(cut(source, g), g.label) for g in model.tag(text_of(source)).names} >= {("بغداد", "LOC"), ("دمشق", "LOC"), ("القاهرة", "LOC")}


def test_diacritics_and_tatweel_stay_inside_the_span(model: Tagger) -> None:
    source = "وصل الوزير إلى بَغْـــدَادَ مساء أمس."
    assert "بَغْـــدَادَ" in {cut(source, g) for g in model.tag(text_of(source)).names}


def test_an_attack_is_an_event(model: Tagger) -> None:
    events = model.tag(text_of(ATTACK)).events
    assert any(e.trigger.label == "ASSAULT" for e in events)
    assert all(0 <= e.trigger.p <= 1 and e.status is not None and e.mode is not None for e in events)


def test_a_statement_has_its_cue_and_content(model: Tagger) -> None:
    statements = model.tag(text_of(TALKS)).statements
    assert any(cut(TALKS, s.cue) == "قال" and s.content for s in statements)


def test_batches_give_what_single_texts_give(model: Tagger) -> None:
    texts = [ATTACK, TALKS, ATTACK + "\n" + TALKS, "قال"]
    together = model.tag_all([text_of(t) for t in texts])
    alone = [model.tag(text_of(t)) for t in texts]
    for a, b in zip(together, alone, strict=True):
        assert [(g.start, g.end, g.label) for g in a.names] == [(g.start, g.end, g.label) for g in b.names]


@pytest.mark.parametrize(
    "source", ["", " ", "\n\n", "\ud800 قال", "«" * 500, "ا" * 5000, "\u064b\u0640", "🙂 " * 50, "www.example.com/" + "a" * 3000]
)
def test_any_text_is_read(model: Tagger, source: str) -> None:
    text = text_of(source)
    found = model.tag(text)
    assert isinstance(found, Tagging)
    for g in found.names:
        assert 0 <= g.start < g.end <= len(source)


def test_a_long_report_is_read_to_its_end(model: Tagger) -> None:
    source = " ".join([TALKS] * 60)
    names = [g for g in model.tag(text_of(source)).names if cut(source, g).startswith("خميس")]
    assert len(names) >= 57
    assert max(g.end for g in names) > len(source) - len(TALKS)


def test_tokens_are_tagged_in_the_manner_of_anercorp(model: Tagger) -> None:
    tokens = ["أعلن", "الرئيس", "الفرنسي", "جاك", "شيراك", "في", "باريس", "ذلك", "."]
    (tags,) = model.tag_tokens([tokens])
    assert tags[3:5] == ["B-PERS", "I-PERS"] and tags[6] == "B-LOC" and len(tags) == len(tokens)
    assert model.tag_tokens([[]]) == [[]]


def test_sentences_are_classed(model: Tagger) -> None:
    attack, calm = model.classify([ATTACK, "تنظم المكتبة معرضا للكتاب خلال الأسبوع المقبل."])
    assert attack["ASSAULT"] > calm["ASSAULT"] and set(attack) == {"ASSAULT", "PROTEST"}


def test_features_know_places_and_name_parts(model: Tagger) -> None:
    words = words_of(text_of("وصل محمد إلى رأس الخيمة وبغداد"))
    told = model.features(words)
    assert told.shape == (6, SIZE)
    assert told[1, 0] == 1 and told[3, 3] == 1 and told[4, 4] == 1 and told[5, 6] == 1


def test_the_pipeline_hands_the_tagging_to_the_stages() -> None:
    from musnad.reading import read_text

    (doc,) = read_text(ATTACK)
    assert isinstance(doc, Document) and doc.tagging is not None and doc.tagging.model == tagger.load().name
    (plain,) = read_text(ATTACK, model=False)
    assert plain.tagging is None


def test_the_card_and_the_health_line_say_something() -> None:
    assert "CC BY-SA" in tagger.info() and tagger.load().name in tagger.info()
    assert tagger.health().startswith("model: installed")


def test_importing_the_package_loads_no_session() -> None:
    code = "import musnad, musnad.tagger, sys; sys.exit(any(m in sys.modules for m in ('onnxruntime', 'tokenizers', 'torch')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
