"""Closed classes of words (`arabic/statement_words.yaml`), as sets of folded words."""

from __future__ import annotations

from pathlib import Path

import yaml

_FILE = Path(__file__).parents[2] / "arabic" / "statement_words.yaml"
_CLASSES: dict[str, str] = yaml.load(_FILE.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _words(name: str) -> frozenset[str]:
    return frozenset('"' if word == "QUOTE" else word for word in _CLASSES[name].split())


OPENERS = _words("openers")
REPORTING = _words("reporting")
SPEECHES = _words("speeches")
NOBODY = _words("nobody")
TALKS = _words("talks")
NO_MEDIUM = _words("no_medium")
MEDIA_HEADS = {"agency": _words("agency_heads"), "outlet": _words("outlet_heads")}
ALL_HEADS = MEDIA_HEADS["agency"] | MEDIA_HEADS["outlet"]
CORRESPONDENTS = _words("correspondents")
INTO = _words("into")
PLACES_TO_POST = _words("places_to_post")
RECEIVED = _words("received")
SISTER_LEADS = _words("sister_leads")
BACK = _words("back")
LEADS_BACK = _words("leads_back")
RELATIVES = _words("relatives")
ADVERBIAL = _words("adverbial")
ADVERBS = _words("adverbs")
SPEECH_LINKS = _words("speech_links")
OBJECT_HEADS = _words("object_heads") | {w[:-2] + p for w in _words("object_heads") if w.endswith("ها") for p in ("هم", "هما")}
BEFORE_NAMES = _words("before_names")
OBJECT_TAKERS = _words("object_takers")
NOT_BEFORE_THAT = _words("not_before_that")
PLACE_WORDS = _words("place_words")
TIED = tuple(sorted(_words("tied")))
AUXILIARIES = _words("auxiliaries")
LEADS = _words("leads")
BOUND = _words("bound")
LOCATIVE = _words("locative")
NEGATIONS = _words("negations")
BEFORE_A_CLAUSE = _words("before_a_clause")
HOMOGRAPHS = _words("homographs")
NARRATION = _words("narration")
IMPERSONAL = _words("impersonal")
RESUMPTIVE = _words("resumptive")
DEMONSTRATIVES = _words("demonstratives")
UNTOLD = _words("untold")
OUR_OWN = _words("our_own")
ANONYMITY = _words("anonymity")
BETWEEN = _words("between")
SITES = _words("sites")
OFFICIAL = _words("official")
NOT_SAID = _words("not_said")
BELIEFS = _words("beliefs")
COURTS = _words("courts")
ADOPTED = _words("adopted")
RECOGNISED = _words("recognised")
MANNERS = _words("manners")
MOMENTS = _words("moments")
POINTING = _words("pointing")
POINTED = _words("pointed")
REGARDS = _words("regards")
PRONOUNS = ("", "ه", "ها", "هم", "هما", "هن", "نا", "ني", "ي", "كم")
THAT = frozenset("ان" + p for p in PRONOUNS)
THAT_B = frozenset("بان" + p for p in PRONOUNS)
"""إن and أن, and بأن, with the pronouns they take."""


def bare_head(form: str) -> str:
    """A word for a kind of outlet without the ل of whoever is spoken to: لقناة، للقناة."""
    if form.startswith("لل"):
        return "ال" + form[2:]
    return form[1:] if form.startswith("ل") and form[1:] in ALL_HEADS else form
