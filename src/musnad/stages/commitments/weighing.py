"""From stretches to commitments: which of them promise, with what stance, who is bound, by when and on what condition."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from musnad.codes import code_of
from musnad.document import Document
from musnad.grammar.loglinear import Model
from musnad.grammar.verbs import Verb
from musnad.phrases import Phrase
from musnad.record.guess import CommitmentGuess
from musnad.record.kinds import Commitment, Deadline, Party, Statement
from musnad.record.span import Span
from musnad.stages.commitments.anchors import Page, Stretch, anchors, page_of, stretches, words
from musnad.tools import Tools

_PRONOUNS = frozenset(("انه", "انها", "انهم", "انهما", "فانه", "فانها", "فانهم"))
YES, NO = "yes", "no"
JOINT = 0.18
"""From which joint opinion on a stretch promises."""
TRUST = 0.5
"""The neural model's part in a joint opinion."""
STANCES = ("pledged", "reaffirmed", "extended", "denied", "fulfilled", "withdrawn")


def commitments_of(doc: Document, tools: Tools, models: Mapping[str, Model]) -> Iterator[Commitment]:
    """The commitments that these models see in the report, in text order."""
    if not models:
        return
    page = page_of(doc, tools)
    model = models["commitment"]
    threshold = model.settings.get("threshold", 0.5) if doc.tagging is None else JOINT
    for n in range(len(page.spans)):
        weighed: list[tuple[float, Stretch]] = []
        for anchor in anchors(page, n, tools):
            weighed += [(model.probabilities(describe(page, n, s, tools)).get(YES, 0.0), s) for s in stretches(page, n, anchor, tools)]
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


def describe(page: Page, n: int, s: Stretch, tools: Tools) -> list[str]:
    """The features of a stretch: its anchor, its edges, what the sentence says of it."""
    a, tokens = s.anchor, page.tokens
    first, _ = page.spans[n]
    length = s.last - s.first
    size = next((k for k, m in enumerate((1, 2, 4, 7, 11, 16, 24)) if length <= m), 7)
    after = tokens[s.last].form if s.last < len(tokens) and tokens[s.last].kind != "line" else "$"
    opening = tokens[s.first].form
    event = f"{a.event.type}.{a.event.status}" if a.event is not None else "no"
    tense = f"{a.verb.tense}{a.verb.person}" if a.verb is not None else "noun"
    out = [
        f"k={a.kind}", f"k={a.kind}|{s.from_}", f"k={a.kind}|{tense}", f"l={a.lemma}" if a.kind not in ("future", "negative") else "l=*", f"e={event}", f"e={event}|{a.kind}",
        f"from={s.from_}", f"from={s.from_}|{a.lemma if a.kind not in ('future', 'negative') else a.kind}", f"to={s.to}", f"to={s.to}|{after}", f"size={size}", f"size={size}|{s.to}", f"size={size}|{s.from_}",
        f"after={after}", f"open={opening[:2]}|{s.from_}", f"open={opening}", f"title={_in_title(page, first)}", f"title={_in_title(page, first)}|{a.kind}",
    ]  # fmt: skip
    if a.kind in ("future", "negative"):
        out.append(f"v={a.lemma.lstrip('وفس')}")
    before = [t.form for t in tokens[max(first, a.token - 2) : a.token]]
    out += [f"p1={before[-1]}" if before else "p1=^", f"p1={before[-1]}|{a.kind}" if before else f"p1=^|{a.kind}"]
    statement = _statement(page, tokens[a.token].start)
    out.append(f"said={statement.kind if statement else 'no'}|{a.kind}")
    if statement is not None:
        out.append(f"act={statement.act}|{a.kind}")
    inside = [e for i, e in page.events.get(n, ()) if s.first <= i < s.last]
    if inside:
        out += [f"in={inside[0].type}.{inside[0].status}", f"in={inside[0].status}|{a.kind}"]
    else:
        out.append(f"in=no|{a.kind}")
    out.append(f"events={min(len(inside), 3)}")
    if any(
        table == "condition" for t in tokens[max(first, a.token - 8) : a.token] if (table := words(tools).edges.get(t.form)) is not None
    ):
        out.append(f"condition|{a.kind}")
    by = _bound(page, n, s)
    out += [f"by={by[0].kind}{by[0].type}" if by else "by=no", f"by={bool(by)}|{a.kind}"]
    if by:
        out.append(f"by-names={bool(by[0].names)}|{a.kind}")
    if any(t.start >= tokens[s.first].start and t.end <= tokens[s.last - 1].end for t in page.times.get(n, ())):
        out.append(f"time|{a.kind}")
    if any(p.form == "،" for p in tokens[s.first : s.last]):
        out.append(f"comma|{s.to}")
    return out


def _in_title(page: Page, token: int) -> bool:
    title = page.doc.report.title
    return title is not None and title.start <= page.tokens[token].start < title.end


def _statement(page: Page, offset: int) -> Statement | None:
    """The statement whose content holds the source offset; contents nest a little, never deeply."""
    i = bisect_right(page.contents, offset, key=lambda x: x[0])
    return next((s for _, end, s in reversed(page.contents[max(0, i - 6) : i]) if offset < end), None)


def _bound(page: Page, n: int, s: Stretch) -> list[Phrase]:
    """Who is bound: the actors of the event told there, else the verb's subject, else whoever speaks."""
    a = s.anchor
    around = page.phrases.get(n, [])
    if a.event is not None and a.event.actors:
        found = [p for _, _, p in around if any(x.start == p.start for x in a.event.actors)]
        if found:
            return found
    bare = [(i, j, p) for i, j, p in around if not any(c in "بلك" for c in p.clitics)]
    verb, tokens = a.verb, page.tokens
    if verb is None or verb.person == 3:
        step = 2 if tokens[a.token].form.endswith(("لن", "سوف")) else 1
        behind = [x for x in bare if x[1] <= a.token]
        if behind and a.token - behind[-1][1] <= 1 and _agrees(verb, behind[-1][2]) and a.kind in ("future", "negative"):
            return [behind[-1][2]]
        pronoun = a.token > 0 and tokens[a.token - 1].form.lstrip("وبل") in _PRONOUNS
        ahead = [x for x in bare if x[0] == a.token + step and _agrees(verb, x[2])]
        if ahead and not pronoun:
            return [ahead[0][2]]
        inside = next((e for i, e in page.events.get(n, ()) if s.first <= i < s.last and e.actors), None)
        if inside is not None and not pronoun:
            found = [p for _, _, p in around if any(x.start == p.start for x in inside.actors)]
            if found:
                return found
        topic = [x for x in behind if _agrees(verb, x[2])]
        if topic and _statement(page, tokens[a.token].start) is None:
            return [(topic[0] if pronoun or verb is None else topic[-1])[2]]
        if topic and not pronoun:
            return [topic[-1][2]]
    return []


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
    bound = [_party(doc, x, tools) for x in _bound(page, n, s)]
    statement = _statement(page, tokens[s.anchor.token].start)
    speaker = statement.speaker if statement is not None else None
    if speaker is not None and (not bound or (s.anchor.verb is not None and s.anchor.verb.person == 1) or _own(page, n, s, bound)):
        bound = [*bound, speaker] if all(b.start != speaker.start for b in bound) else bound
    stance = models["stance"].probabilities(stance_features(page, n, s), STANCES)
    guess = _guessed(page, s)
    if guess is not None:
        stance[guess.action.label] = stance.get(guess.action.label, 0.0) + TRUST
        if not bound and guess.by:
            near = guess.by[0]
            bound = [_party(doc, x, tools) for _, _, x in page.phrases.get(n, []) if x.start < near.end and near.start < x.end][:1]
    event = s.anchor.event
    to = event.recipients if event is not None else ()
    condition = _condition(page, n, s, tools)
    return Commitment(
        id=doc.id("commitments", s.start, end),
        found_by=f"commitments.{s.anchor.kind}.{s.anchor.lemma}{f' {doc.tagging.model}' if guess is not None and doc.tagging is not None else ''}",
        confidence=round(p, 3),
        why=f"{s.anchor.kind}: {s.anchor.lemma}; from {s.from_} to {s.to}",
        by=tuple(bound),
        to=tuple(x for x in to if all(x.start != b.start for b in bound)),
        action=doc.cut(s.start, end),
        condition=condition,
        deadline=_deadline(page, n, s),
        stance=max(stance, key=stance.__getitem__),  # type: ignore[arg-type]
        statement=statement.id if statement is not None else None,
        event=event.id if event is not None else next((e.id for i, e in page.events.get(n, ()) if s.first <= i < s.last), None),
    )


def _own(page: Page, n: int, s: Stretch, bound: list[Party]) -> bool:
    """True where the party is named as the speaker's own: بلاده، حكومته، بلادها."""
    return any(b.text.endswith(("ه", "ها", "هم", "نا")) and " " not in b.text for b in bound)


def _party(doc: Document, p: Phrase, tools: Tools) -> Party:
    country, sector = code_of(doc, p, tools)
    return Party(start=p.start, end=p.end, text=doc.source[p.start : p.end], entity=p.entity, country=country, sector=sector)


def stance_features(page: Page, n: int, s: Stretch) -> list[str]:
    """What tells the stance: the anchor and the words before it in its sentence."""
    first, _ = page.spans[n]
    a = s.anchor
    out = [f"k={a.kind}", f"l={a.lemma}" if a.kind not in ("future", "negative") else f"v={a.lemma.lstrip('وفس')}"]
    if a.event is not None:
        out += [f"e={a.event.type}.{a.event.status}", f"status={a.event.status}"]
    out += [
        f"b={t.form.lstrip('و') if len(t.form) > 3 else t.form}" for t in page.tokens[max(first, a.token - 8) : a.token] if t.kind == "word"
    ]
    out += [f"i={t.form}" for t in page.tokens[s.first : min(s.last, s.first + 3)]]
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
