"""One report's events, from candidates to records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from musnad.document import Document
from musnad.grammar.loglinear import Model
from musnad.record.kinds import Event, Party
from musnad.stages.events.casting import ROLES, cast, remember
from musnad.stages.events.coding import contexts_of, figures_of, operation_of, party
from musnad.stages.events.days import choose_time, days_of
from musnad.stages.events.decide import Decision, decide
from musnad.stages.events.roles import Attachment, Memory
from musnad.stages.events.scene import Placed, Scene, Sentence
from musnad.stages.events.wording import trigger_end
from musnad.tools import Tools


def events_of(doc: Document, tools: Tools, models: Mapping[str, Model]) -> Iterator[Event]:
    """The events that these models see in the report, in text order."""
    if not models:
        return
    scene = Scene(doc, tools)
    earlier: list[tuple[str, str, str | None]] = []
    memory: Memory = {}
    for sentence in scene.sentences:
        roles: dict[int, tuple[str, str]] = {}
        for decision in decide(scene, sentence, models):
            yield _record(scene, sentence, decision, models, earlier, roles, memory)


def _record(
    scene: Scene,
    sentence: Sentence,
    d: Decision,
    models: Mapping[str, Model],
    earlier: list[tuple[str, str, str | None]],
    roles: dict[int, tuple[str, str]],
    memory: Memory,
) -> Event:
    doc, c = scene.doc, d.candidate
    attachment = Attachment(scene, sentence, c, d.type, d.mode, d.status == "planned", roles, memory)
    parts = cast(models["roles"], attachment, d.guess, d.confidence)
    remember(parts, attachment, roles, memory)
    actors, recipients, places = ([p.placed for p in parts if p.role == role] for role in ROLES)
    time, _ = choose_time(models["days"], scene, sentence, c, d.type, d.status, earlier, d.confidence)
    earlier.append((c.lexeme.id, d.type, time.id if time else None))
    first, last = days_of(scene, time, d.status) if time is not None else (None, None)
    status = "historical" if d.status in ("happened", "ongoing") and _long_ago(last or first, doc.published) else d.status
    statement = scene.statement_at(c.start)
    claimed = statement.speaker.entity if statement is not None and statement.speaker is not None else None
    return Event(
        id=doc.id("events", d.type, c.start, c.end),
        found_by=d.found_by,
        confidence=round(d.confidence, 3),
        why=d.why,
        type=d.type,  # type: ignore[arg-type]
        mode=d.mode,
        contexts=contexts_of(scene, sentence, c),
        trigger=doc.cut(c.start, trigger_end(scene, c, d.type, models.get("wording"))),
        actors=_parties(scene, actors),
        recipients=_parties(scene, recipients),
        place=party(scene, places[0].phrase) if places else None,
        time=time.id if time is not None else None,
        from_=first,
        to=last,
        status=status,  # type: ignore[arg-type]
        statement=statement.id if statement is not None else None,
        claimed_by=(claimed,) if claimed else (),
        operation=operation_of(scene, sentence, c),
        figures=figures_of(scene, sentence, c, d.type, [*actors, *recipients]),
    )


def _long_ago(day: str | None, published: str | None) -> bool:
    """True for a day more than a year before publication."""
    if day is None or published is None or not published[:4].isdigit():
        return False
    return day < f"{int(published[:4]) - 1:04d}{published[4:]}"


def _parties(scene: Scene, placed: list[Placed]) -> tuple[Party, ...]:
    return tuple(party(scene, p.phrase) for p in placed)
