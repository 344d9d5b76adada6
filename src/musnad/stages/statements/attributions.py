"""Attributions that stand beside what is said: «…، بحسب مصادر طبية»، «ووفقا للوزارة، فإن …»، «… كما أعلنت الشرطة»."""

from __future__ import annotations

from musnad.stages.statements.chain import medium
from musnad.stages.statements.cues import Cues
from musnad.stages.statements.draft import Draft
from musnad.stages.statements.extent import trimmed
from musnad.stages.statements.frames import find_frame
from musnad.stages.statements.parties import full_phrase_end
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.speakers import Speaker, speaker_of
from musnad.stages.statements.words import ADVERBIAL, ADVERBS, NOBODY, OFFICIAL, OPENERS, RELATIVES, REPORTING, SITES, SPEECHES, THAT

_LONGEST = 300
"""Tokens that an attribution can stand after."""


def attribution(scene: Scene, cues: Cues, i: int, a: int, b: int, number: int, here: list[Draft]) -> tuple[Draft | None, int] | None:
    """The statement of the attribution at token i, or None where it only adds a link to another, and the token to go on at; None where it is no attribution."""
    hit = scene.hits["reporting_attributions"][i]
    takes = hit.entry.get("takes").split()
    j = hit.last
    cue = (hit.start, hit.end)
    act, passed = "say", False
    if "verb" in takes:
        if j >= b:
            return None
        form = next((g for g in cues.of(scene.forms[j]) if g.reading.kind in ("past", "present") and not g.clitics), None)
        if form is None and scene.forms[j] not in REPORTING:
            return None
        aside = bool(here) and here[-1].token < i < here[-1].body
        if (
            hit.form in ("كما", "مثلما")
            and not aside
            and (i == a or (form is not None and find_frame(scene, cues, j, form, b, False) is not None))
        ):
            return None
        token = scene.tokens[j]
        cue = (token.start, token.end)
        act = form.reading.act if form else "say"
        j += 1
        while (j < b and (scene.forms[j] in ADVERBS or scene.forms[j] in ("به", "في", "عنه", "عنها", "،"))) or j in scene.times:
            j = max(j + 1, scene.times.get(j, 0))
    elif "الي" in takes:
        j += 1
    if j >= b:
        return None
    if scene.forms[j] in ("ل", '"', "#") and j + 1 < b:
        while j + 1 < b and scene.forms[j] in ("ل", '"', "#"):
            j += 1
    speech = None
    if scene.forms[j] in SPEECHES and j + 1 in scene.phrases:
        token = scene.tokens[j]
        speech = (token.start + (1 if token.form.startswith("ل") else 0), token.end)
        j += 1
    speaker, document, last = source_of(scene, j, b, "ل" in takes)
    if speaker is None:
        return None
    teller = None
    if (
        "verb" in takes
        and last + 1 < b
        and scene.forms[last] == "عن"
        and last + 1 in scene.phrases
        and medium(scene, speaker.first, speaker.last)
    ):
        teller = medium(scene, speaker.first, speaker.last)
        speaker, document, last = source_of(scene, last + 1, b)
        if speaker is None:
            return None
    if speech and "verb" not in takes:
        cue = speech
    carriers = _carriers(scene, speaker, document) if teller is None else [teller]
    around = here[-1] if here else None
    if around is not None and around.token < i < around.body and around.took != "attribution":
        if around.speaker is None or around.speaker.start != speaker.start:
            around.carriers.extend(carriers)
        return None, last
    after = last
    while after < b and (scene.forms[after] == '"' or after in scene.times or scene.forms[after] == ")"):
        after = max(after + 1, scene.times.get(after, 0))
    comma = next((k for k in range(after, min(b, after + 4)) if scene.forms[k] in ("،", ",")), after)
    if comma > after and scene.forms[after] in ("علي", "في", "عبر", "ب"):
        after = comma
    initial = i - a < 12 and all(scene.forms[k] in OPENERS or scene.tokens[k].kind == "mark" for k in range(a, i))
    if initial:
        found = _before_the_words(scene, cues, cue, i, after, b, number, act, speaker, document, carriers)
        if found is not None and teller is not None:
            found[0].carriers.append(teller)
        return found
    scene.cuts.add(i)
    said = here[-1] if here else None
    if (
        said is not None
        and said.quote is not None
        and said.quote.whole
        and said.quote.outer_end <= scene.tokens[i].start
        and i - scene.index(said.quote.outer_end) <= 2
    ):
        said.carriers.extend(carriers)
        return None
    if "verb" in takes and passed and said is not None:
        said.carriers.extend(carriers)
        return None
    if said is None and number > 0 and i - a <= 1:
        return None
    before = next((d.stop for d in here[:-4:-1] if d.took == "attribution"), a)
    first = a = max(a, before, i - _LONGEST)
    while first < min(i, a + 12) and (scene.forms[first] in OPENERS or scene.forms[first] in ("(", ")", "cnn", "،")):
        first += 1
    if here:
        covering = [d for d in here[-8:] if d.quote is None]
        for d in covering:
            if (d is covering[-1] and (d.kind not in ("masdar", "noun") or carriers[0][0] != "spokesperson")) or (
                d.kind not in ("masdar", "noun") and carriers and carriers[0][0] != "spokesperson"
            ):
                d.carriers.extend(carriers)
        for d in covering[-1:]:
            if d.kind in ("past", "present", "participle") and carriers and carriers[0][0] != "document":
                return None
    start = _without_and(scene, first)
    pieces = [trimmed(scene.source, start, scene.tokens[i - 1].end)]
    if (
        after < b
        and scene.forms[after] in ("،", ",")
        and after + 2 < b
        and after + 1 not in scene.hits["speaker_closers"]
        and not scene.forms[after + 1].startswith("و")
        and not _cue_at(cues, scene, after + 1)
    ):
        pieces.append(trimmed(scene.source, scene.tokens[after + 1].start, scene.tokens[min(b, after + _LONGEST) - 1].end))
    pieces = [p for p in pieces if p[1] - p[0] > 2]
    if not pieces:
        return None
    draft = Draft(cue, i, "attribution", hit.form, act, "attribution", speaker, first, start, None, number)
    draft.stop, draft.pieces, draft.document = i, pieces, document
    if teller is not None:
        draft.carriers.append(teller)
    return draft, max(after, i + 1)


def _before_the_words(
    scene: Scene,
    cues: Cues,
    cue: tuple[int, int],
    i: int,
    after: int,
    b: int,
    number: int,
    act: str,
    speaker: Speaker,
    document: tuple[int, int] | None,
    carriers: list[tuple[str, int, int]],
) -> tuple[Draft, int] | None:
    body = after
    comma = False
    while body < b and (
        scene.forms[body] in ("،", ",", "فقد", "قد", "فان", "فانه", "فانها", "فانهم", ":")
        or scene.forms[body] in THAT
        or body in scene.times
    ):
        comma = True
        body = max(body + 1, scene.times.get(body, 0))
    if body < b and scene.forms[body] in RELATIVES:
        # «حسب صحيفة كذا، التي نقلت عن فلان، فإن …»
        comma_at = next((k for k in range(body, min(b - 1, body + 15)) if scene.forms[k] in ("،", ",")), None)
        if comma_at is not None and scene.forms[comma_at + 1].startswith("ف"):
            body = comma_at + 1 + (scene.forms[comma_at + 1][1:] in THAT or scene.forms[comma_at + 1] in ("فقد", "فان"))
    skip = 0
    if body < b and not comma and scene.forms[body][:1] == "ف" and scene.forms[body][1:] in ADVERBIAL:
        comma, skip = True, 1  # «ووفقا للوزارة ففي حال …»
    if body >= b or not comma:
        return None
    if _cue_at(cues, scene, body) and scene.forms[body - 1] in ("،", ","):
        scene.carried[number] = carriers or [("document", *document)] if document else carriers
        return None
    start = scene.tokens[body].start + skip
    draft = Draft(cue, i, "attribution", "بحسب", act, "initial", speaker, body, start, scene.quotes.get(body), number)
    draft.document = document
    return draft, body


def source_of(scene: Scene, j: int, b: int, prefixed: bool = False) -> tuple[Speaker | None, tuple[int, int] | None, int]:
    """Who or what is cited at token j: the speaker, the document's source range where it is one, and the token after it."""
    doc = scene.hits["documents"].get(j)
    if (
        doc is not None
        and doc.entry.get("kind") in ("text", "post", "record")
        and (j not in scene.phrases or scene.phrases[j].last <= doc.last)
    ):
        last = doc.last
        issuer = None
        k = last
        while k < min(b, last + 5):
            if k in scene.phrases and scene.phrases[k].phrase.clitics in ("", "ل"):
                issuer = k
                break
            if scene.forms[k] not in (
                "صادر",
                "صادره",
                "صدر",
                "صدرت",
                "عن",
                "رسمي",
                "صحافي",
                "صحفي",
                "سابقه",
                "سابق",
                "مقتضب",
                "مشترك",
                "ل",
                "اصدرته",
                "اصدره",
                "نشرته",
                "من",
            ):
                break
            k += 1
        if issuer is not None:
            end = full_phrase_end(scene, issuer, b)
            span = (doc.start, scene.tokens[end - 1].end if doc.entry.get("kind") == "post" else scene.tokens[k - 1].end)
            while (
                doc.entry.get("kind") != "post"
                and k > last
                and scene.forms[k - 1] in ("ل", "عن", "صادر", "صادره", "صدر", "صدرت", "من", "اصدرته", "اصدره")
            ):
                k -= 1
                span = (doc.start, scene.tokens[k - 1].end)
            return speaker_of(scene, issuer, end), span, end
        if (owner := issuer_of(scene, last)) is not None:
            return owner, (doc.start, doc.end), owner.last
        return Speaker(j, last, doc.start, doc.end, "", ""), (doc.start, doc.end), last
    reach = scene.phrases.get(j)
    if doc is not None and reach is not None and reach.phrase.kind == "nominal" and (owner := issuer_of(scene, reach.last)) is not None:
        return owner, (doc.start, scene.tokens[reach.last - 1].end), owner.last
    if reach is not None and reach.phrase.type != "NORP" and reach.phrase.clitics in ("", "ل"):
        end = full_phrase_end(scene, j, b)
        if (owner := posted_by(scene, j, end)) is not None:
            return owner, (reach.phrase.start, scene.tokens[end - 1].end), end
        return speaker_of(scene, j, end), None, end
    media = scene.hits["media"].get(j)
    if media is not None and media.entry.get("ambiguous") != "yes":
        return Speaker(j, media.last, media.start, media.end, "", ""), None, media.last
    stop = next(
        (
            k
            for k in range(j, min(b, j + 7))
            if (scene.tokens[k].kind in ("mark", "line") and scene.forms[k] not in ("#", '"')) or scene.forms[k][1:] in THAT
        ),
        b,
    )
    if (
        j < stop <= j + 6
        and scene.tokens[j].kind == "word"
        and scene.forms[j] not in NOBODY
        and (len(scene.forms[j]) > 3 or stop - j > 1)
        and not (stop == j + 1 and scene.forms[j].endswith(("ها", "هم", "هما", "نا")))
        and scene.forms[j].removeprefix("ل").removeprefix("ال") not in NOBODY
    ):
        return Speaker(j, stop, scene.tokens[j].start, scene.tokens[stop - 1].end, "", ""), None, stop
    return None, None, j


def issuer_of(scene: Scene, k: int) -> Speaker | None:
    """Whose document it is, where ل with the article says so after it or after its adjective: «بيان للمكتب»، «البيان السابع للقوات المسلحة»."""
    forms = scene.forms
    if k + 1 < len(forms) and scene.tokens[k].kind == "word" and not forms[k].startswith("لل") and forms[k + 1].startswith("لل"):
        k += 1
    if k >= len(forms) or not forms[k].startswith("لل") or k in scene.hits["media"]:
        return None
    if (reach := scene.phrases.get(k)) is not None:
        return speaker_of(scene, k, reach.last) if reach.phrase.clitics == "ل" and reach.phrase.type != "NORP" else None
    last = k + 1
    while last < k + 4 and last < len(forms) and forms[last].startswith("ال") and scene.tokens[last].kind == "word":
        last += 1
    return Speaker(k, last, scene.tokens[k].start + 1, scene.tokens[last - 1].end, "", "")


def posted_by(scene: Scene, first: int, last: int) -> Speaker | None:
    """Whose site or page it is that the tokens first..last name: «الموقع الرسمي للجيش اليمني»، «موقع هيئة الجمارك»; None for outlets («موقع الأفق»)."""
    if scene.forms[first] not in SITES or any(k in scene.hits["media"] for k in range(first, last)):
        return None
    k = first + 1
    while k < last and scene.forms[k] in OFFICIAL:
        k += 1
    if k >= last or not (any(m.form == "name" and scene.holding(m.start) == k for m in scene.doc.mentions) or k in scene.institutions):
        return None
    token = scene.tokens[k]
    lam = token.form.startswith("ل") and (token.form.startswith("لل") or k not in scene.institutions)
    return Speaker(k, last, token.start + lam, scene.tokens[last - 1].end, "", "")


def _carriers(scene: Scene, speaker: Speaker, document: tuple[int, int] | None) -> list[tuple[str, int, int]]:
    if document is not None:
        return [("document", *document)]
    found = medium(scene, speaker.first, speaker.last)
    return [found] if found else [("spokesperson", speaker.start, speaker.end)]


def _without_and(scene: Scene, k: int) -> int:
    """Where a clause begins at token k, without a joining و."""
    token = scene.tokens[k]
    reach = scene.phrases.get(k)
    if (
        token.form.startswith("و")
        and len(token.form) > 3
        and (reach is None or reach.phrase.clitics.startswith("و"))
        and k not in scene.times
        and not token.form.startswith(
            (
                "وزير",
                "وزار",
                "وكال",
                "وسائل",
                "وفد",
                "وصل",
                "وقع",
                "وقف",
                "وجه",
                "وضع",
                "وحد",
                "واشنطن",
                "وثيق",
                "ولاي",
                "ولد",
                "والي",
                "وسط",
            )
        )
    ):
        return scene.doc.text.folded.span(token.a + 1, token.b)[0]
    return token.start


def _cue_at(cues: Cues, scene: Scene, k: int) -> bool:
    return any(g.reading.kind in ("past", "present", "participle") and "doc" not in g.reading.takes for g in cues.of(scene.forms[k]))
