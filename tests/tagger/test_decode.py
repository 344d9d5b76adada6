"""From numbers to guesses, with numbers made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from musnad.tagger.decode import Decoder, Reading, Settings, best_path, log_softmax, names_in, readings, spans_of
from musnad.tagger.labels import ANCHORS, FAR, RELATIONS, SPAN_HEADS, WORD_HEADS
from musnad.tagger.windows import words_of_tokens

LABELS = SPAN_HEADS["names"]


def scores(*tags: dict[str, float]) -> np.ndarray:
    """Log probabilities of words, given as logits of the labels that matter."""
    out = np.full((len(tags), len(LABELS)), -4.0)
    for row, told in zip(out, tags, strict=True):
        for name, value in told.items():
            row[LABELS.index(name)] = value
    return log_softmax(out)


def test_a_name_that_only_goes_on_is_mended_to_a_legal_one() -> None:
    found = scores({"O": 9}, {"I-ORG": 3, "B-ORG": 2}, {"E-ORG": 3}, {"O": 9})
    assert spans_of(best_path(found, "names"), "names") == [(1, 3, "ORG")]


def test_neighbouring_names_stay_two() -> None:
    found = scores({"S-LOC": 5}, {"B-PER": 5}, {"E-PER": 5})
    assert [(a, b, k) for a, b, k, _ in names_in(found, "names")] == [(0, 1, "LOC"), (1, 3, "PER")]


@pytest.mark.parametrize("seed", range(20))
def test_paths_are_always_legal(seed: int) -> None:
    found = log_softmax(np.random.default_rng(seed).normal(0, 3, (30, len(LABELS))))
    inside = ""
    for n in best_path(found, "names"):
        tag, kind = LABELS[n][0], LABELS[n][2:]
        assert (tag in "IE" and kind == inside) if inside else tag in "OBS"
        inside = kind if tag in "BI" else ""
    assert inside == ""


def reading(tokens: list[str], told: dict[str, dict[int, str]]) -> Reading:
    """A reading in which head h says label told[h][i] of word i and the first label of the others."""
    heads = {}
    for head, labels in (SPAN_HEADS | WORD_HEADS).items():
        x = np.full((len(tokens), len(labels)), -6.0)
        x[:, 0] = 6.0
        for i, name in told.get(head, {}).items():
            x[i, 0], x[i, labels.index(name)] = -6.0, 6.0
        heads[head] = log_softmax(x)
    words = words_of_tokens(tokens)
    place = np.eye(64)[: len(tokens)]
    return Reading(words, heads, {k: np.zeros((len(tokens), 64)) for k in ANCHORS}, dict.fromkeys(ANCHORS, place))


def decoder(told: dict[str, dict[int, str]]) -> Decoder:
    """A decoder whose relation weights say label told[kind][i] of word i, whatever the anchor."""
    relations = {}
    for kind in ANCHORS:
        weight = np.zeros((len(RELATIONS[kind]), 64))
        weight[0] = 9.0
        for i, name in told.get(kind, {}).items():
            weight[:, i] = 0
            weight[RELATIONS[kind].index(name), i] = 9.0
        relations[kind] = {"far": np.zeros((2 * FAR + 1, 64)), "weight": weight, "bias": np.zeros(len(RELATIONS[kind]))}
    return Decoder(relations, Settings())


def test_an_event_with_its_roles_status_and_mode() -> None:
    tokens = ["قصفت", "طائرات", "التحالف", "مواقع", "في", "وبعقوبة", "."]
    made = reading(
        tokens, {"event": {0: "ASSAULT"}, "status": {0: "planned"}, "mode": {0: "aerial"}, "names": {5: "S-LOC"}, "skip": {5: "1"}}
    )
    tagging = decoder({"event": {1: "B-actor", 2: "I-actor", 5: "B-place"}}).tagging(made, "test@0")
    source = " ".join(tokens)
    (event,) = tagging.events
    assert event.trigger.label == "ASSAULT" and source[event.trigger.start : event.trigger.end] == "قصفت"
    assert [(g.label, source[g.start : g.end]) for g in event.roles] == [("actor", "طائرات التحالف"), ("place", "بعقوبة")]
    assert event.status is not None and event.status[0] == "planned" and event.mode is not None and event.mode[0] == "aerial"
    assert [(source[g.start : g.end], g.label) for g in tagging.names] == [("بعقوبة", "LOC")]


def test_a_cue_between_two_pieces_of_what_was_said_keeps_them_apart() -> None:
    tokens = ["سنمضي", "قدما", "،", "قال", "الوزير", "،", "في", "الإصلاح"]
    made = reading(tokens, {"statement": {3: "say"}})
    told = {0: "content", 1: "content", 4: "B-speaker", 6: "content", 7: "content"}
    (statement,) = decoder({"statement": told}).tagging(made, "test@0").statements
    source = " ".join(tokens)
    assert [source[g.start : g.end] for g in statement.content] == ["سنمضي قدما", "في الإصلاح"]
    assert statement.speaker is not None and source[statement.speaker.start : statement.speaker.end] == "الوزير"


def test_a_commitment_runs_from_its_first_word() -> None:
    tokens = ["تعهدت", "الشركة", "بتسليم", "المشروع", "قريبا", "."]
    made = reading(tokens, {"commitment": {2: "pledged"}, "skip": {2: "1"}})
    told = {0: "O", 1: "B-by", 2: "action", 3: "action", 4: "action"}
    (found,) = decoder({"commitment": told}).tagging(made, "test@0").commitments
    source = " ".join(tokens)
    assert source[found.action.start : found.action.end] == "تسليم المشروع قريبا"
    assert [source[g.start : g.end] for g in found.by] == ["الشركة"]


def test_of_two_windows_a_word_is_read_where_it_stands_deeper() -> None:
    words = words_of_tokens([f"كلمة{i}" for i in range(10)])
    names = [*SPAN_HEADS, *WORD_HEADS]

    def window(value: float, count: int) -> dict[str, np.ndarray]:
        sizes = {n: len((SPAN_HEADS | WORD_HEADS)[n]) for n in names} | {f"{x}_{k}": 4 for x in ("anchor", "other") for k in ANCHORS}
        return {n: np.full((1, count, w), value) for n, w in sizes.items()}

    made = readings([window(1.0, 7), window(2.0, 6)], [(0, 0, 7), (0, 4, 10)], words, Settings())
    assert made.other["event"][:, 0].tolist() == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2]
