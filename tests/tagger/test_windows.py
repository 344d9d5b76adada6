"""Words, pieces and windows: offsets are exact, no word is lost."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Lexicon
from musnad.grammar.text import Text
from musnad.record.kinds import Segment
from musnad.tagger.pieces import BOS, EOS, clean
from musnad.tagger.windows import arrays, batches, windows, words_of, words_of_tokens


def text_of(*lines: str) -> Text:
    source = "\n".join(lines)
    segments, at = [], 0
    for line in lines:
        segments.append(Segment(start=at, end=at + len(line), text=line, kind="body"))
        at += len(line) + 1
    return Text(Folded(source), segments, Lexicon())


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("وبغدادَّـ \n«»،.0٣\u200f")), max_size=80))
def test_every_word_is_its_slice_of_the_source(source: str) -> None:
    text = Text(Folded(source), [Segment(start=0, end=len(source), text=source, kind="body")], Lexicon())
    words = words_of(text)
    assert all(source[w.start : w.end] == w.text and w.text for w in words)
    assert all(a.end <= b.start for a, b in itertools.pairwise(words))


def test_words_know_their_segment_and_the_space_before_them() -> None:
    words = words_of(text_of("زار الوفد", "قال: نعم"))
    assert [(w.text, w.segment, w.spaced) for w in words] == [
        ("زار", 0, True), ("الوفد", 0, True), ("قال", 1, True), (":", 1, False), ("نعم", 1, True),
    ]  # fmt: skip


def test_cleaning_takes_diacritics_and_tatweel_and_leaves_hamza() -> None:
    assert clean("أُعْلِـــنَ") == "أعلن"
    assert clean("ﻣﺤﻤﺪ") == "محمد"
    assert clean("ـ") == "ـ"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=200), st.integers(30, 80), st.integers(0, 15))
def test_windows_cover_every_word_in_order(sizes: list[int], longest: int, overlap: int) -> None:
    rows = [tuple(range(4, 4 + n)) for n in sizes]
    made = windows(0, rows, longest, overlap)
    assert {i for w in made for i in range(w.a, w.b)} == set(range(len(rows)))
    for w in made:
        assert len(w.ids) <= longest and w.ids[0] == BOS and w.ids[-1] == EOS
        assert [tuple(w.ids[a : b + 1]) for a, b in zip(w.first, w.last, strict=True)] == rows[w.a : w.b]
    assert all(a.a < b.a <= a.b for a, b in itertools.pairwise(made))


def test_arrays_point_each_piece_to_its_word() -> None:
    (one,) = windows(0, [(5, 6), (7,)])
    (two,) = windows(1, [(8,)])
    found = arrays([one, two], [np.ones((2, 3), np.float32), np.ones((1, 3), np.float32)])
    assert found["of_word"].tolist() == [[2, 0, 0, 1, 2], [2, 0, 2, 2, 2]]
    assert found["mask"].sum(1).tolist() == [5, 3]
    assert found["features"][:, -1].sum() == 0
    assert found["alive"].tolist() == [[1, 1], [1, 0]]


def test_batches_hold_every_window_once_and_like_lengths() -> None:
    made = [windows(n, [(5,)] * size)[0] for n, size in enumerate((3, 300, 4, 280, 5, 3))]
    groups = batches(made, 700)
    assert sorted(i for g in groups for i in g) == list(range(6))
    assert [1] not in groups and any({1, 3} == set(g) for g in groups)


def test_tokens_as_given_keep_their_places() -> None:
    assert [(w.start, w.text, w.spaced) for w in words_of_tokens(["قال", "علي", "."])] == [
        (0, "قال", True),
        (4, "علي", True),
        (8, ".", False),
    ]
