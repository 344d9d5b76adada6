"""Who did it, to whom, where: every party phrase of the sentence against every event of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from musnad.grammar.loglinear import Model
from musnad.record.guess import EventGuess, Guess
from musnad.stages.events.scene import Placed, Scene, Sentence, between, governor
from musnad.stages.events.triggers import Candidate

OTHER = "other"
ROLES = (OTHER, "actor", "recipient", "place", "both")
"""`both` is recipient and place at once: the country that is visited."""
TRUST = 0.4
"""The neural model's part in a joint opinion on a role."""
UNNAMED = 0.55
"""How sure it is that a phrase it names for no role has none."""
RELATIVE = frozenset("الذي التي الذين اللذان اللذين اللتان اللتين اللواتي".split())
BREAKS = frozenset("فيما بينما حيث اذ لكن كما وكما وقد ثم ان بان وان حين عندما حتي لان اذا وذلك بعدما قبل بعد".split())
"""Words at which a new clause or an adjunct begins."""
_STEPS = (0, 1, 2, 3, 5, 8, 13)


def _step(distance: int) -> int:
    return next((k for k, s in enumerate(_STEPS) if distance <= s), len(_STEPS))


class Attachment:
    """What one event needs to know to try the phrases of its sentence."""

    def __init__(
        self,
        scene: Scene,
        sentence: Sentence,
        candidate: Candidate,
        type: str,
        mode: str | None,
        future: bool,
        earlier: Mapping[int, tuple[str, str]],
    ) -> None:
        self.scene, self.sentence, self.c, self.type = scene, sentence, candidate, type
        self.earlier = earlier
        self.mode = mode or ""
        self.future = future
        self.light = governor(scene, sentence, candidate.first) if candidate.kind != "verb" else None
        self.statement = scene.statement_at(candidate.start)
        self.cue = scene.cue_at(candidate.start, candidate.end)
        frame = candidate.lexeme.frame
        self.frame = frame
        self.mutual = "مع" in frame or "بين" in frame
        self.right = 0
        self.order, self.bare = self._order()

    def _order(self) -> tuple[str, dict[int, int]]:
        """Word order around the trigger, and the rank of each phrase without a preposition on its side of it, nearest first."""
        c, phrases = self.c, self.sentence.phrases
        rank: dict[int, int] = {}
        left = [k for k, p in enumerate(phrases) if p.last <= c.first and not p.prep]
        right = [k for k, p in enumerate(phrases) if p.first >= c.last and not p.prep]
        stop = next((j for j in range(c.last, self.sentence.last) if self.scene.verb_at(j)), self.sentence.last)
        self.right = min(3, sum(1 for k in right if phrases[k].first < stop))
        rank.update({k: n for n, k in enumerate(reversed(left))})
        rank.update({k: n for n, k in enumerate(right)})
        order = "open"
        if left:
            near = phrases[left[-1]]
            gap = c.first - near.last
            if gap == 0:
                order = "after-phrase"
            elif gap == 1 and self.scene.tokens[near.last].form in RELATIVE:
                order = "relative"
            elif gap <= 3 and not self.scene.verbs_between(near.last, c.first):
                order = "near-phrase"
        if right and phrases[right[0]].first == c.last:
            order += "+next"
        return order, rank

    def features(self, k: int, before: str) -> list[str]:
        """The features of the sentence's phrase number `k`; `before` is the role that the phrase before it got."""
        c, scene, sentence = self.c, self.scene, self.sentence
        p = sentence.phrases[k]
        ph = p.phrase
        if p.last <= c.first:
            side, distance, span = "before", c.first - p.last, (p.last, c.first)
        elif p.first >= c.last:
            side, distance, span = "after", p.first - c.last, (c.last, p.first)
        else:
            side, distance, span = "over", 0, (0, 0)
        step = _step(distance)
        others = min(3, sum(1 for q in sentence.phrases if span[0] <= q.first < span[1]))
        verbs = min(2, scene.verbs_between(*span))
        mark = between(scene.tokens, *span)
        prep = p.prep
        rank = self.bare.get(k, 9)
        kind = c.kind if c.kind != "plural" else "noun"
        shape = f"{kind}{'D' if c.definite else ''}{'P' if c.pronoun else ''}"
        framed = "frame" if prep and prep in self.frame else "obj" if not prep and "o" in self.frame else ""
        head = f"{ph.kind}{ph.type}"
        t, lemma = self.type, c.lexeme.id
        place = f"{side}|{others}"
        out = [
            f"{place}|{step}", f"{place}|{kind}", f"{place}|{kind}|{t}", f"{place}|{shape}|{prep}", f"{side}|{prep}|{t}", f"{side}|{prep}|{framed}|{kind}", f"{side}|{prep}|{lemma}",
            f"{side}|{framed}|{t}|{others}", f"{head}|{t}", f"{head}|{prep}|{side}", f"{head}|{kind}|{place}", f"v{verbs}|{side}|{mark}", f"v{verbs}|{kind}|{side}", f"m={mark}|{place}",
            f"{t}|{self.mode}|{side}|{prep}", f"{t}|{self.mode}|{ph.type}", f"d={int(ph.definite)}|{ph.kind}|{side}", f"st={step}|{side}|{prep}",
        ]  # fmt: skip
        if rank < 9:
            out += [
                f"bare={min(rank, 3)}|{side}|{kind}|{self.order}",
                f"bare={min(rank, 3)}|{side}|{t}",
                f"bare={min(rank, 3)}|{side}|{lemma}",
                f"bare={min(rank, 3)}|{side}|{kind}|{framed}|{verbs}",
            ]
        breaks = min(2, sum(1 for j in range(span[0], span[1]) if self.scene.tokens[j].form in BREAKS))
        out += [f"breaks={breaks}|{side}|{kind}", f"breaks={breaks}|v{verbs}|{side}"]
        if k in self.earlier:
            role, type = self.earlier[k]
            out += [f"was={role}|{kind}|{side}", f"was={role}|{type}|{t}", f"was={role}|{self.order}|{kind}"]
        elif self.earlier:
            out.append(f"was=no|{side}|{kind}")
        if self.mutual:
            out += [f"mutual|{side}|{prep}|{others}", f"mutual|{ph.type}|{side}"]
        word = scene.tokens[ph.head].form
        word = word[1:] if p.first == ph.head and ph.clitics[:1] and word[:1] == ph.clitics[:1] else word
        word = word.removeprefix("ال")
        code = scene.code_of(ph)
        sector = (code[1] or "none").split("/")[0]
        out += [
            f"head={word}|{t}",
            f"head={word}|{side}",
            f"sector={sector}|{t}",
            f"sector={sector}|{t}|{side}|{prep}",
            f"sector={sector}|{kind}|{place}",
            f"land={bool(code[0])}|{t}|{head}",
        ]
        if side == "after":
            out += [f"count={self.right}|{min(rank, 3)}|{framed}|{kind}|{self.order}", f"count={self.right}|{min(rank, 3)}|{t}|{kind}"]
        if self.future:
            out.append(f"fut|{t}|{side}|{prep}")
        if p.joined and k and sentence.phrases[k - 1].last >= p.first - 2:
            out += [f"co={before}", f"co={before}|{side}|{t}"]
        else:
            out.append(f"last={before}|{place}")
        if distance == 0 and side == "after" and not prep:
            out += [f"next|{shape}|{ph.type}|{ph.kind}", f"next|{shape}|{t}", f"next|{shape}|{lemma}"]
        if p.first - 2 >= sentence.first and prep:
            out.append(f"pp={scene.tokens[p.first - 2].form}|{prep}")
        if p.first > sentence.first:
            out.append(f"w={scene.tokens[p.first - 1].form}|{side}")
        if side == "before" and p.last < c.first and scene.tokens[p.last].form in RELATIVE:
            out.append(f"rel|{others}|{kind}")
        if p.first == sentence.first or (p.first == sentence.first + 1 and sentence.title):
            out.append(f"topic|{kind}|{verbs}")
        if any(scene.tokens[j].kind == "number" for j in range(p.first, p.last)):
            out.append(f"number|{t}|{side}")
        out += self._agreement(p, side, others, kind)
        out += self._spoken(p)
        out += self._lightly(p, side, kind)
        return out

    def _agreement(self, p: Placed, side: str, others: int, kind: str) -> list[str]:
        verb, ph = self.c.readings[0].verb, p.phrase
        if verb is not None:
            if verb.person == 1:
                return ["first-person"]
            if verb.person == 3 and ph.gender:
                fits = verb.gender == ph.gender or (verb.gender == "f" and ph.number == "p")
                return [f"agree={fits}|{side}|{others}", f"agree={fits}|{verb.voice}"]
        elif self.c.pronoun and ph.gender:
            pronoun = self.c.pronoun
            number, gender = (
                ("p", "m") if pronoun in ("هم", "هن") else ("d", "") if pronoun == "هما" else ("s", "f" if pronoun == "ها" else "m")
            )
            fits = (number == ph.number and gender in ("", ph.gender)) or (pronoun == "ها" and ph.number == "p")
            return [f"own={fits}|{side}|{others}|{kind}", f"own={fits}|{side}|{self.type}"]
        return []

    def _spoken(self, p: Placed) -> list[str]:
        """Statements: the speaker is who demands, praises, accuses; what is said has other actors."""
        out, ph, t = [], p.phrase, self.type
        if self.cue is not None:
            speaker = self.cue.speaker
            if speaker is not None and speaker.start < ph.end and ph.start < speaker.end:
                out += ["cue-speaker", f"cue-speaker|{t}"]
            elif any(x.start <= ph.start < x.end for x in self.cue.content):
                out.append(f"cue-content|{t}")
        if self.statement is not None:
            speaker = self.statement.speaker
            if speaker is not None and speaker.start < ph.end and ph.start < speaker.end:
                out += ["speaker", f"speaker|{t}|{self.statement.kind}"]
                if self.c.readings[0].verb is not None and self.c.readings[0].verb.person == 1:
                    out.append("speaker|first-person")
            inside = any(x.start <= ph.start < x.end for x in self.statement.content)
            out.append(f"content={inside}")
        else:
            other = self.scene.statement_at(p.phrase.start)
            if other is not None and self.cue is None:
                out.append("elsewhere")
        return out

    def _lightly(self, p: Placed, side: str, kind: str) -> list[str]:
        if self.light is None:
            return []
        light = self.scene.light[self.light]
        assert light is not None
        if p.last <= self.light:
            where = "before-light"
            between_ = sum(1 for q in self.sentence.phrases if p.last <= q.first < self.light)
        elif side == "before":
            where = "subject"
            between_ = sum(1 for q in self.sentence.phrases if self.light < q.first < p.first)
        else:
            return [f"light={light.subject}|after|{p.prep}"]
        out = [f"light={light.subject}|{where}|{min(between_, 2)}|{p.prep}", f"light={light.id}|{where}|{min(between_, 2)}"]
        if light.verb.person == 3 and p.phrase.gender:
            fits = light.verb.gender == p.phrase.gender or (light.verb.gender == "f" and p.phrase.number == "p")
            out.append(f"light-agree={fits}|{light.subject}|{where}")
        return out


def attach(model: Model, attachment: Attachment, guess: EventGuess | None = None) -> list[tuple[int, str, float]]:
    """The roles of the sentence's phrases, left to right: (number of the phrase, role, probability), without those that play none.

    A neural model's guesses for the event count as much as the weights: a phrase it names for a role, and one that it leaves out.
    """
    out = []
    before = ""
    keen = model.settings.get("keen", 1.0)
    for k, placed in enumerate(attachment.sentence.phrases):
        p = model.probabilities(attachment.features(k, before))
        p[OTHER] = p.get(OTHER, 0.0) / keen
        if guess is not None:
            total = sum(p.values())
            named = [g for g in guess.roles if _names(g, placed)]
            p = {r: (1 - TRUST) * v / total for r, v in p.items()}
            for g in named:
                p[g.label] = p.get(g.label, 0.0) + TRUST * g.p / len(named)
            p[OTHER] += TRUST * (1.0 - sum(g.p for g in named) / len(named) if named else UNNAMED)
        before = max(p, key=p.__getitem__)
        if before != OTHER:
            out.append((k, before, p[before]))
    return out


def _names(guess: Guess, placed: Placed) -> bool:
    """True where a guessed span and a phrase share half of the shorter, the phrase not many times longer."""
    a, b = placed.phrase.start, placed.phrase.end
    shared = min(b, guess.end) - max(a, guess.start)
    return shared * 2 >= min(b - a, guess.end - guess.start) > 0 and shared * 6 >= max(b - a, guess.end - guess.start)


def best_place(found: Sequence[tuple[int, str, float]]) -> int | None:
    """The number of the phrase that is the one place of an event: the surest."""
    places = [(p, k) for k, role, p in found if role in ("place", "both")]
    return max(places)[1] if places else None
