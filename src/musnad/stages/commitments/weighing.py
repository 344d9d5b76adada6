"""From stretches to commitments: which of them promise, with what stance, who is bound, by when and on what condition."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from musnad.codes import code_of
from musnad.document import Document
from musnad.grammar.loglinear import Model
from musnad.grammar.verbs import Verb
from musnad.phrases import Phrase
from musnad.record.guess import CommitmentGuess
from musnad.record.kinds import Commitment, Deadline, Party, Statement
from musnad.record.span import Span
from musnad.stages.commitments.anchors import Anchor, Page, Stretch, anchors, binding_of, page_of, stretches, words
from musnad.tools import Tools

_PRONOUNS = frozenset(("انه", "انها", "انهم", "انهما", "فانه", "فانها", "فانهم"))
YES, NO = "yes", "no"
JOINT = 0.32
"""From which joint opinion on a stretch promises."""
TRUST = 0.3
"""The neural model's part in a joint opinion."""
LIKELY, LEAST = 0.35, 0.15
"""From which probability somebody is among the bound; from which the likeliest is, where nobody reaches that."""
_TELLING = frozenset(("لا", "لم", "ليس", "ليست", "صحه", "مجددا", "يزال", "تزال", "زال", "ثابت", "تغيير"))
"""Words before an anchor that tell its stance."""
STANCES = ("pledged", "reaffirmed", "extended", "denied", "fulfilled", "withdrawn")


def commitments_of(doc: Document, tools: Tools, models: Mapping[str, Model]) -> Iterator[Commitment]:
    """The commitments that these models see in the report, in text order."""
    if not models:
        return
    page = page_of(doc, tools)
    told = models["anchor"]
    threshold = told.settings.get("threshold", 0.5) if doc.tagging is None else JOINT
    for n in range(len(page.spans)):
        weighed: list[tuple[float, Stretch]] = []
        for anchor in anchors(page, n, tools):
            found = list(stretches(page, n, anchor, tools))
            if found:
                binds = told.probabilities(describe(page, n, anchor, tools)).get(YES, 0.0)
                edges = [models["stretch"].probabilities(describe_stretch(page, n, s)).get(YES, 0.0) for s in found]
                weighed += [(binds * fit / max(edges), s) for fit, s in zip(edges, found, strict=True)]
        if doc.tagging is not None:
            weighed = [(_joined(page, s, p), s) for p, s in weighed]
        kept: list[tuple[float, Stretch]] = []
        for p, s in sorted(weighed, key=lambda x: -x[0]):
            if p < threshold:
                break
            if all(not _same(s, other) for _, other in kept):
                kept.append((p, s))
        for p, s in sorted(kept, key=lambda x: x[1].start):
            yield _record(page, n, s, p, tools, models)


def _guessed(page: Page, s: Stretch) -> CommitmentGuess | None:
    """The neural model's guess whose action is mostly the same stretch, or None."""
    start, end = s.start, page.tokens[s.last - 1].end
    for g in page.doc.tagging.commitments if page.doc.tagging is not None else ():
        shared = min(end, g.action.end) - max(start, g.action.start)
        if shared * 2 >= max(end, g.action.end) - min(start, g.action.start):
            return g
    return None


def _joined(page: Page, s: Stretch, p: float) -> float:
    """The weights' opinion with the neural model's; its silence counts, too."""
    guess = _guessed(page, s)
    return (1 - TRUST) * p + TRUST * (guess.action.p if guess is not None else 0.0)


def _same(a: Stretch, b: Stretch) -> bool:
    """True where two stretches can't both be promised: they have an anchor in common or overlap by more than a third of the shorter."""
    shared = min(a.last, b.last) - max(a.first, b.first)
    return a.anchor.token == b.anchor.token or shared * 3 > min(a.last - a.first, b.last - b.first)


def describe(page: Page, n: int, a: Anchor, tools: Tools) -> list[str]:
    """What speaks for or against an anchor's being a promise: its words, its verb, who would be bound, what the sentence says of it."""
    tokens = page.tokens
    first, last = page.spans[n]
    free = a.kind in ("future", "negative")
    event = f"{a.event.type}.{a.event.status}" if a.event is not None else "no"
    tense = f"{a.verb.tense}{a.verb.person}" if a.verb is not None else "noun"
    title = _in_title(page, first)
    before = [t.form for t in tokens[max(first, a.token - 2) : a.token]]
    after = [t.form for t in tokens[a.token + 1 : min(last, a.token + 3)]]
    statement = _statement(page, tokens[a.token].start)
    ahead = [e for i, e in page.events.get(n, ()) if a.token < i <= a.token + 12]
    out = [
        f"k={a.kind}", f"k={a.kind}|{tense}", f"l={a.lemma.lstrip('وفس') if free else a.lemma}", f"e={event}", f"e={event}|{a.kind}",
        f"title={title}|{a.kind}", f"p1={before[-1]}" if before else "p1=^", f"p1={before[-1] if before else '^'}|{a.kind}", f"n1={after[0] if after else '$'}",
        f"n1={after[0][:2] if after else '$'}|{a.kind}", f"said={statement.kind if statement else 'no'}|{a.kind}", f"act={statement.act if statement else 'no'}|{a.kind}",
        f"in={ahead[0].type if ahead else 'no'}", f"in={ahead[0].status if ahead else 'no'}|{a.kind}", f"place={min(3, (a.token - first) // 8)}|{a.kind}",
    ]  # fmt: skip
    if len(before) == 2:
        out.append(f"p2={before[0]}")
    if tense != "noun":
        out.append(f"v={tense}|{'first' if a.token == first else 'in'}")
    around = {words(tools).edges.get(t.form) for t in tokens[max(first, a.token - 8) : a.token]}
    if "condition" in around:
        out.append(f"condition|{a.kind}")
    subject = _subject(page, n, a)
    out.append(f"by={subject.type if subject else 'no'}|{a.kind}")
    if subject is not None:
        out += [f"by={subject.kind}{subject.type}", f"by-names={bool(subject.names)}|{a.kind}", f"by-number={subject.number}|{a.kind}"]
    if any(t.start > tokens[a.token].start and (t.to or "") >= (page.doc.published or "9") for t in page.times.get(n, ())):
        out.append(f"time|{a.kind}")
    if any(t.form == "؟" for t in tokens[a.token : last]):
        out.append("question")
    return out


def describe_stretch(page: Page, n: int, s: Stretch) -> list[str]:
    """What speaks for or against the edges of a stretch, given that its anchor promises."""
    a, tokens = s.anchor, page.tokens
    length = s.last - s.first
    size = next((k for k, m in enumerate((1, 2, 4, 7, 11, 16, 24)) if length <= m), 7)
    after = tokens[s.last].form if s.last < len(tokens) and tokens[s.last].kind != "line" else "$"
    opening = tokens[s.first].form
    inside = [i for i, _ in page.events.get(n, ()) if s.first <= i < s.last]
    lemma = a.kind if a.kind in ("future", "negative") else a.lemma
    out = [
        f"from={s.from_}", f"from={s.from_}|{a.kind}", f"from={s.from_}|{lemma}", f"to={s.to}", f"to={s.to}|{a.kind}", f"to={s.to}|{after}", f"size={size}", f"size={size}|{s.to}",
        f"size={size}|{s.from_}", f"after={after}", f"open={opening[:2]}|{s.from_}", f"open={opening}", f"gap={min(6, s.first - a.token)}|{s.from_}",
        f"event={bool(inside) and inside[0] - s.first < 2}|{s.from_}",
    ]  # fmt: skip
    if any(p.form == "،" for p in tokens[s.first : s.last]):
        out.append(f"comma|{s.to}")
    if any(i <= s.first < j for i, j, _ in page.phrases.get(n, ())):
        out.append(f"party-first|{s.from_}")
    if sum(p.form in ('"', "«", "»", "“", "”") for p in tokens[s.first : s.last]) % 2:
        out.append(f"torn|{s.to}")
    return out


def _in_title(page: Page, token: int) -> bool:
    title = page.doc.report.title
    return title is not None and title.start <= page.tokens[token].start < title.end


def _statement(page: Page, offset: int) -> Statement | None:
    """The statement whose content holds the source offset; contents nest a little, never deeply."""
    i = bisect_right(page.contents, offset, key=lambda x: x[0])
    return next((s for _, end, s in reversed(page.contents[max(0, i - 6) : i]) if offset < end), None)


def _subject(page: Page, n: int, a: Anchor) -> Phrase | None:
    """The phrase that is most likely the anchor's subject: right behind it, right before it, else the nearest before."""
    bare = [(i, j, p) for i, j, p in page.phrases.get(n, ()) if not any(c in "بلك" for c in p.clitics)]
    step = 2 if page.tokens[a.token].form.endswith(("لن", "سوف")) else 1
    ahead = next((p for i, _, p in bare if i == a.token + step and _agrees(a.verb, p)), None)
    before = [p for _, j, p in bare if j <= a.token and _agrees(a.verb, p)]
    return ahead or (before[-1] if before else None)


class Bound(NamedTuple):
    """Somebody who may be bound: a phrase of the sentence, or the speaker."""

    start: int
    end: int
    phrase: Phrase | None
    features: list[str]


def candidates(page: Page, n: int, s: Stretch) -> list[Bound]:
    """Everybody who may be bound by a stretch, with what speaks for it."""
    a, tokens = s.anchor, page.tokens
    first, _ = page.spans[n]
    around = page.phrases.get(n, [])
    statement = _statement(page, tokens[a.token].start)
    speaker = statement.speaker if statement is not None else None
    own = {x.start for x in a.event.actors} if a.event is not None else set()
    other = {x.start for x in a.event.recipients} if a.event is not None else set()
    inner = [e for i, e in page.events.get(n, ()) if s.first <= i < s.last]
    inside = {x.start for e in inner[:1] for x in e.actors}
    tense = f"{a.verb.tense}{a.verb.person}" if a.verb is not None else "noun"
    pronoun = a.token > first and tokens[a.token - 1].form.lstrip("وبل") in _PRONOUNS
    step = 2 if tokens[a.token].form.endswith(("لن", "سوف")) else 1
    before = [k for k, (_, j, _) in enumerate(around) if j <= a.token]
    out = []
    for k, (i, j, p) in enumerate(around):
        if i >= s.last:
            break
        if i == a.token + step:
            place = "next"
        elif j <= a.token:
            place = "touch" if a.token - j <= 1 else f"before{min(3, len(before) - k)}"
        else:
            place = "inside" if i >= s.first else "between"
        if i == a.token + step and i >= s.first:
            place = "next-inside"
        lead = tokens[i - 1].form if i > first else "^"
        marks = [
            f"place={place}", f"place={place}|{a.kind}", f"place={place}|{a.kind}|{tense}", f"place={place}|{pronoun}", f"type={p.type}{p.kind}", f"names={bool(p.names)}",
            f"clitic={p.clitics[-1:] if p.clitics else ''}|{a.kind}", f"clitic={p.clitics[-1:] if p.clitics else ''}|{place}", f"lead={lead}", f"lead={lead}|{a.kind}", f"agrees={_agrees(a.verb, p)}|{place}",
            f"actor={p.start in own}", f"other={p.start in other}", f"inner={p.start in inside}|{a.kind}", f"first={k == 0}|{statement is None}", f"said={statement is not None}|{place}",
            f"kin={p.kind}|{p.definite}", f"number={p.number}|{a.kind}",
        ]  # fmt: skip
        if speaker is not None and speaker.start == p.start:
            marks += ["speaks", f"speaks|{a.kind}|{tense}", f"speaks|{pronoun}"]
        out.append(Bound(p.start, p.end, p, marks))
    if speaker is not None and all(x.start != speaker.start for x in out):
        subject = any(_agrees(a.verb, p) and i == a.token + step for i, _, p in around)
        out.append(
            Bound(
                speaker.start,
                speaker.end,
                None,
                ["far", f"far|{a.kind}|{tense}", f"far|{pronoun}", f"far|subject={subject}|{tense}", f"far|phrases={min(3, len(around))}", f"far|{statement.kind if statement else ''}"],
            )
        )  # fmt: skip
    return out


def _agrees(verb: Verb | None, phrase: Phrase) -> bool:
    return (
        verb is None
        or not phrase.gender
        or not verb.gender
        or phrase.gender == verb.gender
        or (verb.gender == "f" and phrase.number == "p")
    )


def _record(page: Page, n: int, s: Stretch, p: float, tools: Tools, models: Mapping[str, Model]) -> Commitment:
    doc, tokens = page.doc, page.tokens
    end = tokens[s.last - 1].end
    statement = _statement(page, tokens[s.anchor.token].start)
    speaker = statement.speaker if statement is not None else None
    weighed = sorted(((models["by"].probabilities(x.features).get(YES, 0.0), x) for x in candidates(page, n, s)), key=lambda x: -x[0])
    who = [x for p, x in weighed if p >= LIKELY] or [x for p, x in weighed[:1] if p >= LEAST]
    bound: list[Party | None] = [
        _party(doc, x.phrase, tools) if x.phrase is not None else speaker for x in sorted(who, key=lambda x: x.start)
    ]
    stance = models["stance"].probabilities(stance_features(page, n, s, tools), STANCES)
    guess = _guessed(page, s)
    if guess is not None:
        stance[guess.action.label] = stance.get(guess.action.label, 0.0) + TRUST
        if not bound and guess.by:
            near = guess.by[0]
            touched = (x for _, _, x in page.phrases.get(n, []) if x.start < near.end and near.start < x.end)
            bound += [_party(doc, x, tools) for x in touched][:1]
    parties = tuple(x for x in bound if x is not None)
    event = s.anchor.event
    to = event.recipients if event is not None else ()
    condition = _condition(page, n, s, tools)
    return Commitment(
        id=doc.id("commitments", s.start, end),
        found_by=f"commitments.{s.anchor.kind}.{s.anchor.lemma}{f' {doc.tagging.model}' if guess is not None and doc.tagging is not None else ''}",
        confidence=round(p, 3),
        why=f"{s.anchor.kind}: {s.anchor.lemma}; from {s.from_} to {s.to}",
        by=parties,
        to=tuple(x for x in to if all(x.start != b.start for b in parties)),
        action=doc.cut(s.start, end),
        condition=condition,
        deadline=_deadline(page, n, s),
        stance=max(stance, key=stance.__getitem__),  # type: ignore[arg-type]
        statement=statement.id if statement is not None else None,
        event=event.id if event is not None else next((e.id for i, e in page.events.get(n, ()) if s.first <= i < s.last), None),
    )


def _party(doc: Document, p: Phrase, tools: Tools) -> Party:
    country, sector = code_of(doc, p, tools)
    return Party(start=p.start, end=p.end, text=doc.source[p.start : p.end], entity=p.entity, country=country, sector=sector)


def stance_features(page: Page, n: int, s: Stretch, tools: Tools) -> list[str]:
    """What tells the stance: the anchor, the words before it in its sentence and the first of what is promised, each also by its kind."""
    first, _ = page.spans[n]
    a, tokens = s.anchor, page.tokens
    table = words(tools)
    out = [f"k={a.kind}", f"l={a.lemma}" if a.kind not in ("future", "negative") else f"v={a.lemma.lstrip('وفس')}"]
    if a.event is not None:
        out += [f"e={a.event.type}.{a.event.status}", f"status={a.event.status}"]
    statement = _statement(page, tokens[a.token].start)
    out.append(f"act={statement.act if statement else 'no'}")
    for where, some in (("b", tokens[max(first, a.token - 10) : a.token]), ("i", tokens[s.first : min(s.last, s.first + 3)])):
        for t in some:
            if t.kind == "word":
                row = binding_of(t.form, table)
                if where == "b" and t.form in _TELLING:
                    out.append(f"b={t.form}")
                if row is not None:
                    out += [f"{where}k={row[1]}", f"{where}k={row[1]}|{a.kind}"]
    return list(dict.fromkeys(out))


def _deadline(page: Page, n: int, s: Stretch) -> Deadline | None:
    """The time inside the action that lies ahead: the day by which it is due."""
    start, end = page.tokens[s.first].start, page.tokens[s.last - 1].end
    published = page.doc.published or ""
    for t in page.times.get(n, ()):
        if start <= t.start and t.end <= end and t.from_ and (t.to or t.from_) >= published:
            return Deadline(from_=t.from_, to=t.to, start=t.start, end=t.end, text=t.text)
    return None


def _condition(page: Page, n: int, s: Stretch, tools: Tools) -> Span | None:
    """The clause after a word of condition in the sentence, up to a mark."""
    tokens = page.tokens
    first, last = page.spans[n]
    table = words(tools).edges
    for j in range(max(first, s.first - 14), min(last, s.last + 12)):
        if table.get(tokens[j].form) == "condition" and not (
            tokens[j].form in ("ان", "حال") and tokens[j - 1].form not in ("في", "،", "و")
        ):
            stop = next((k for k in range(j + 1, last) if tokens[k].kind in ("mark", "line")), last)
            if stop - j > 2:
                return page.doc.cut(tokens[j].start, tokens[stop - 1].end)
    return None
