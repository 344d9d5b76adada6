"""The features of a party phrase of the sentence against an event of it: who did it, to whom, where. `casting` weighs them."""

from __future__ import annotations

from collections.abc import Mapping

from musnad.stages.events.scene import Placed, Scene, Sentence, between, governor
from musnad.stages.events.triggers import Candidate

RELATIVE = frozenset("الذي التي الذين اللذان اللذين اللتان اللتين اللواتي".split())
BREAKS = frozenset("فيما بينما حيث اذ لكن كما وكما وقد ثم ان بان وان حين عندما حتي لان اذا وذلك بعدما قبل بعد".split())
"""Words at which a new clause or an adjunct begins."""
CLAUSES = frozenset(("ان", "بان", "وان", "انه", "انها", "بانه", "بانها", "انهم", "انهما", "حيث", "فيما", "بينما", "لكن", *RELATIVE))
"""Words that open a clause with a subject of its own."""
REACH = 25
"""How many tokens before a trigger the verb may stand on which it hangs."""
_STEPS = (0, 1, 2, 3, 5, 8, 13)

Memory = dict[str, dict[str, set[str]]]
"""What entities did so far in the report: entity → role → types and lemmas of the events."""


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
        memory: Memory,
    ) -> None:
        self.scene, self.sentence, self.c, self.type = scene, sentence, candidate, type
        self.earlier, self.memory = earlier, memory
        self.kind = "noun" if candidate.kind == "plural" else candidate.kind
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
        self.verb, self.over, self.subject, self.topic = self._above()
        self.opened = [j for j in range(sentence.first, sentence.last) if scene.tokens[j].form in CLAUSES]
        self.clause = max((j for j in self.opened if j < candidate.first), default=None)

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

    def _above(self) -> tuple[int | None, str, int | None, int | None]:
        """The nearest verb before the trigger and its class; the phrases that may be its subject: after it and, as its topic, before it."""
        scene, phrases, first = self.scene, self.sentence.phrases, self.c.first
        verb = next((j for j in range(first - 1, max(self.sentence.first, first - REACH) - 1, -1) if scene.verb_at(j)), None)
        if verb is None:
            return None, "", None, None
        light = scene.light[verb]
        over = light.subject if light is not None else scene.trigger_at[verb].lexeme.codes[0][0]
        subject = next((k for k, p in enumerate(phrases) if p.first > verb and p.last <= first and not p.prep), None)
        topic = next((k for k in range(len(phrases) - 1, -1, -1) if phrases[k].last <= verb and not phrases[k].prep), None)
        return verb, over, subject, topic

    def features(self, p: Placed, k: int) -> list[str]:
        """The features of a phrase of the sentence, the one with number `k` or one inside it."""
        c, scene, sentence = self.c, self.scene, self.sentence
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
        rank = self.bare.get(k, 9) if p is sentence.phrases[k] else 9
        kind = self.kind
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
        if p is not sentence.phrases[k]:
            out += [f"inner|{ph.type}", f"inner|{sentence.phrases[k].phrase.type}|{prep}", f"inner|{t}|{side}"]
        elif coordinated(sentence, k):
            out += ["co", f"co|{side}|{t}"]
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
        out += self._under(p, k)
        out += self._remembered(p, side)
        return out

    def _under(self, p: Placed, k: int) -> list[str]:
        """How the phrase stands to the verb before the trigger, and to the clauses between."""
        kind, t, first = self.kind, self.type, self.c.first
        before = p.last <= first
        side = "before" if before else "after"
        if self.verb is None:
            out = [f"above=no|{kind}|{before}|{bool(p.prep)}"]
        else:
            where = (
                "subject" if k == self.subject else "topic" if k == self.topic
                else "beside" if p.first > self.verb and before else "ahead" if p.last <= self.verb else "behind"
            )  # fmt: skip
            own = self.subject is not None
            out = [f"above={where}|{kind}|{self.over}", f"above={where}|{kind}|{t}", f"above={where}|{own}{self.topic is not None}|{kind}"]
        a, b = min(p.last, first), max(p.first, first)
        clauses = min(2, sum(1 for j in self.opened if a <= j < b))
        out += [f"clauses={clauses}|{side}|{kind}", f"clauses={clauses}|{side}|{t}"]
        if self.clause is not None:
            if before:
                word = self.scene.tokens[self.clause].form
                out.append(f"clause={'in' if p.first > self.clause else 'out'}|{word}|{kind}|{bool(p.prep)}")
            if 0 < p.first - self.clause <= 2:
                out.append(f"opens|{kind}|{side}")
        if before and not p.prep:
            nearest = not any(q.last <= first and not q.prep for q in self.sentence.phrases[k + 1 :])
            out.append(f"nearest={nearest}|{kind}|{clauses}")
        return out

    def _remembered(self, p: Placed, side: str) -> list[str]:
        """What the report told of the party before, and whether its title names it."""
        entity, t = p.phrase.entity, self.type
        if entity is None:
            return []
        known = self.memory.get(entity)
        out = [f"known={known is not None}"]
        for role, told in (known or {}).items():
            out += [f"did={role}|{t in told}", f"did={role}|{t}", f"did={role}|{side}|{self.kind}"]
            if self.c.lexeme.id in told:
                out.append(f"did={role}|lemma")
        if entity in self.scene.titled:
            out += ["titled", f"titled|{t}|{side}"]
        return out

    def nobody(self) -> list[str]:
        """The features of the choice that no phrase plays a role: what the event itself tells about that."""
        c, t, kind, lemma = self.c, self.type, self.kind, self.c.lexeme.id
        over = self.scene.light[self.light] if self.light is not None else None
        out = [
            "0", f"0|{t}", f"0|{t}|{self.mode}", f"0|{lemma}", f"0|{kind}|{t}", f"0|{kind}|{bool(c.pronoun)}|{c.definite}", f"0|{lemma}|{kind}",
            f"0|n{min(4, len(self.sentence.phrases))}", f"0|said={self.statement is not None}|{t}", f"0|cue={self.cue is not None}|{t}",
            f"0|{self.order}|{kind}", f"0|title={self.sentence.title}|{t}", f"0|light={over.subject if over is not None else ''}|{t}",
            f"0|right{self.right}|{kind}|{t}", f"0|frame={'+'.join(sorted(self.frame))}",
        ]  # fmt: skip
        verb = c.readings[0].verb
        if verb is not None:
            form = f"{verb.person}{verb.number}{verb.voice}"
            out += [f"0|{form}", f"0|{form}|{t}"]
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


def coordinated(sentence: Sentence, k: int) -> bool:
    """True where phrase `k` is joined to the one before it, nothing of weight between."""
    if not k:
        return False
    last, p = sentence.phrases[k - 1], sentence.phrases[k]
    return p.joined and p.first - last.last <= 2 and p.prep in ("", last.prep)
