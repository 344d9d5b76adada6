"""Stage: statements. Who said what, with which word, and through whom it reached the page."""

from __future__ import annotations

from collections.abc import Iterator

from musnad.document import Document
from musnad.record.kinds import Found, Party, Statement
from musnad.stages.statements.acts import act_of
from musnad.stages.statements.chain import Chains
from musnad.stages.statements.scene import Scene
from musnad.stages.statements.walk import Walk
from musnad.stages.statements.witnesses import decide
from musnad.tools import Tools


def find(doc: Document, tools: Tools) -> Iterator[Found]:
    """The statements of the report, in the order of their cues, each with its chain."""
    scene = Scene(doc, tools)
    drafts = decide(scene, Walk(scene, tools).drafts())
    chains = Chains(scene)
    for draft in drafts:
        chain = chains.of(draft)
        if not draft.pieces:
            continue
        speaker = None
        if draft.speaker:
            s = draft.speaker
            speaker = Party(start=s.start, end=s.end, text=doc.source[s.start : s.end], entity=s.entity)
        cue = doc.cut(*draft.cue)
        yield Statement(
            id=doc.id("statements", cue.start, cue.end, draft.pieces[0][0]),
            found_by=draft.witness,
            confidence=round(draft.confidence, 3),
            cue=cue,
            speaker=speaker,
            kind="direct" if draft.direct else "indirect",
            content=tuple(doc.cut(a, b) for a, b in draft.pieces),
            act=act_of(scene, draft, tools),
            chain=chain,
        )
