"""The tables of the record, the same on SQLite and PostgreSQL.

Three kinds of rows: *evidence* (page, report, and what was read in it; replaced as a whole when a page is read again), *decisions* (pair, cluster;
made anew by `resolve`) and *judgements* (made by people; never touched by a re-run). Judgements name items by their stable ids, so they carry no
foreign key. Days are ISO text (they sort), moments ISO text in UTC, JSON columns hold what is only shown, never searched. `report.line` is the whole
line of `musnad read`, compressed; the item tables are an index of it for queries (mentions and times are looked up in the line).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

page = sa.Table(
    "page",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("captured", sa.Text),
    sa.Column("published", sa.Text),
    sa.Column("outlet", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("problems", sa.JSON, nullable=False),
    sa.Column("reader", sa.Text, nullable=False),
    sa.Column("added", sa.Text, nullable=False),
    sa.Index("ix_page_name", "name"),
)

failure = sa.Table(
    "failure",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

report = sa.Table(
    "report",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("page", sa.Text, sa.ForeignKey("page.sha256", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False, index=True),
    sa.Column("title", sa.Text),
    sa.Column("outlet", sa.Text),
    sa.Column("republisher", sa.Text),
    sa.Column("published", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("credits", sa.JSON, nullable=False),
    sa.Column("line", sa.LargeBinary, nullable=False),
    sa.Column("shingles", sa.LargeBinary, nullable=False),
    sa.Column("shingle_count", sa.Integer, nullable=False),
)


def _items(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """A table of items read in reports, with what all items have; `start` and `end` count code points."""
    return sa.Table(
        name,
        metadata,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("report", sa.Text, sa.ForeignKey("report.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("start", sa.Integer),
        sa.Column("end", sa.Integer),
        sa.Column("text", sa.Text),
        sa.Column("found_by", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        *columns,
        *([] if name == "entity" else [sa.Index(f"ix_{name}_confidence_id", "confidence", "id")]),
    )


entity = _items(
    "entity",
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False, index=True),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("country", sa.Text),
    sa.Column("known", sa.Text, index=True),
    sa.Column("named", sa.Boolean, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)
figure = _items(
    "figure",
    sa.Column("low", sa.Float, nullable=False),
    sa.Column("high", sa.Float, nullable=False),
    sa.Column("bound", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.JSON, nullable=False),
)
statement = _items(
    "statement",
    sa.Column("act", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("speaker", sa.Text),
    sa.Column("speaker_entity", sa.Text, index=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("chain", sa.JSON, nullable=False),
)
event = _items(
    "event",
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("mode", sa.Text),
    sa.Column("from", sa.Text, index=True),
    sa.Column("to", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("statement", sa.Text),
    sa.Column("place", sa.Text),
    sa.Column("place_entity", sa.Text),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Index("ix_event_type_from", "type", "from"),
)
commitment = _items(
    "commitment",
    sa.Column("stance", sa.Text, nullable=False, index=True),
    sa.Column("deadline_from", sa.Text),
    sa.Column("deadline_to", sa.Text, index=True),
    sa.Column("statement", sa.Text),
    sa.Column("event", sa.Text, index=True),
    sa.Column("data", sa.JSON, nullable=False),
)

party = sa.Table(
    "party",
    metadata,
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("report", sa.Text, sa.ForeignKey("report.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, index=True),
    sa.Column("country", sa.Text),
    sa.Column("sector", sa.Text),
    sa.PrimaryKeyConstraint("item", "role", "n"),
)
"""Actors, recipients (of events), by, to (of commitments)."""

pair = sa.Table(
    "pair",
    metadata,
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("a", sa.Text, nullable=False),
    sa.Column("b", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("original", sa.Text),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("features", sa.JSON, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("layer", "a", "b"),
    sa.Index("ix_pair_layer_b", "layer", "b"),
    sa.Index("ix_pair_layer_score", "layer", "score"),
)
"""Machine decisions about two items, a < b: layer reports (copies), entities, events, claims, commitments."""

cluster = sa.Table(
    "cluster",
    metadata,
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("cluster", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("layer", "item"),
    sa.Index("ix_cluster_layer_cluster", "layer", "cluster", "item"),
    sqlite_with_rowid=False,
)
"""Derived: which items are one. The cluster's id is the smallest of its items' ids."""

actor = sa.Table(
    "actor",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("country", sa.Text),
    sa.Column("known", sa.Text),
    sa.Column("sectors", sa.JSON, nullable=False),
    sa.Column("aliases", sa.JSON, nullable=False),
    sa.Column("place", sa.JSON),
    sa.Column("reports", sa.Integer, nullable=False),
    sa.Column("first", sa.Text),
    sa.Column("last", sa.Text),
)
"""Derived: one row a cluster of entities, with its commonest name; `key` holds all its folded names, | between them."""

happening = sa.Table(
    "happening",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("mode", sa.Text),
    sa.Column("from", sa.Text),
    sa.Column("to", sa.Text),
    sa.Column("day", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("place", sa.Text),
    sa.Column("place_actor", sa.Text),
    sa.Column("tellings", sa.Integer, nullable=False),
    sa.Column("independent", sa.Integer, nullable=False),
    sa.Column("outlets", sa.JSON, nullable=False),
    sa.Column("denied_by", sa.JSON, nullable=False),
    sa.Column("contested", sa.JSON, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
)
"""Derived: one row a cluster of events. `day` is its first own day, else the earliest day of publication; `contested` names what the tellings
disagree about (days, place, status, figures)."""

took_part = sa.Table(
    "took_part",
    metadata,
    sa.Column("happening", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("happening", "role", "actor"),
    sa.Index("ix_took_part_actor_happening", "actor", "happening"),
    sqlite_with_rowid=False,
)
"""Derived: who took part in a happening; `actor` is an actor's id, else the folded phrase."""

matter = sa.Table(
    "matter",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("by", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("deadline_from", sa.Text),
    sa.Column("deadline_to", sa.Text, index=True),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("first", sa.Text),
    sa.Column("last", sa.Text),
)
"""Derived: one row a thread of commitments, with how it stands after its last step; overdue is told against a day when it is asked for."""

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("low", sa.Float, nullable=False),
    sa.Column("high", sa.Float, nullable=False),
    sa.Column("claims", sa.JSON, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("independent", sa.Integer, nullable=False),
    sa.Column("contested", sa.Boolean, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),
)
"""Derived: one row a line of the claims ledger; `claims` are ids of figures in order of publication."""

judgement = sa.Table(
    "judgement",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False, index=True),
    sa.Column("other", sa.Text),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("before", sa.JSON),
    sa.Column("after", sa.JSON),
    sa.Column("why", sa.Text),
    sa.Column("undoes", sa.Integer, sa.ForeignKey("judgement.id"), index=True),
    sa.Column("report", sa.Text, index=True),
    sa.Index("ix_judgement_by_item", "by", "item"),
    sa.Index("ix_judgement_other", "other"),
)
"""What people decided: accept, reject, correct, add, same, different, redact, comment, undo. Rows are only ever added; `report` is the one that the
item stands in (null for pairs and actors)."""

batch = sa.Table(
    "batch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("coders", sa.JSON, nullable=False),
    sa.Column("closed", sa.Text),
)
"""A set of items that several coders judge without seeing each other; `closed` is the moment when its results were settled."""

batch_item = sa.Table(
    "batch_item",
    metadata,
    sa.Column("batch", sa.Integer, sa.ForeignKey("batch.id", ondelete="CASCADE"), nullable=False),
    sa.Column("item", sa.Text, nullable=False, index=True),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("batch", "item"),
)

coding = sa.Table(
    "coding",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("batch", sa.Integer, sa.ForeignKey("batch.id", ondelete="CASCADE"), nullable=False),
    sa.Column("item", sa.Text, nullable=False, index=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("after", sa.JSON),
    sa.Column("why", sa.Text),
    sa.Index("ix_coding_batch_item_by", "batch", "item", "by"),
)
"""What a coder said of an item of a batch; the last row of a coder holds. It touches nothing until the batch is settled."""

account = sa.Table(
    "account",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("made", sa.Text, nullable=False),
)
"""Who works on the record at a desk with accounts; `secret` is an argon2id hash."""

ticket = sa.Table(
    "ticket",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey("account.name", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("made", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
)
"""What lets an account in: sessions of browsers and tokens of programs (`kind`), kept as SHA-256 of what the holder shows."""

watched = sa.Table(
    "watched",
    metadata,
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("link", sa.Text, index=True),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due", sa.Text),
    sa.Column("problem", sa.Text),
    sa.PrimaryKeyConstraint("source", "item"),
)
"""What `musnad watch` has seen: a row an entry or file, and one (item "") for the feed or folder itself. `mark` tells a change (JSON with etag and
modified for a feed), `text` is the SHA-256 of the last text; after `tries` in vain it isn't asked before the moment `due`."""

meta = sa.Table("meta", metadata, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))

CONTESTED = sa.cast(happening.c.contested, sa.Text) != sa.literal_column("'[]'")
MONTH = sa.func.substr(happening.c.day, sa.literal_column("1"), sa.literal_column("7"))
HOLDS_OFFICE = sa.func.replace(sa.cast(entity.c.data, sa.Text), sa.literal_column("'\"offices\":[]'"), sa.literal_column("''")) == sa.cast(
    entity.c.data, sa.Text
)
IS_BOUND = party.c.role == sa.literal_column("'by'")
"""Written without parameters, so that the indexes below are recognised."""


def _newest(name: str, day: sa.Column[str], *before: sa.Column[str], then: Any, where: sa.ColumnElement[bool] | None = None) -> None:
    """An index in the order of lists: the newest first, what has no day last. SQLite counts that as its own order and mustn't be told."""
    sa.Index(name, *before, day.desc(), then, sqlite_where=where).ddl_if(dialect="sqlite")
    sa.Index(name, *before, day.desc().nulls_last(), then, postgresql_where=where).ddl_if(dialect="postgresql")


_h, _t, _a, _m = happening.c, ledger.c, actor.c, matter.c
_newest("ix_report_newest", report.c.published, then=report.c.seq.desc())
_newest("ix_report_outlet_newest", report.c.published, report.c.outlet, then=report.c.seq.desc())
_newest("ix_happening_newest", _h.day, then=_h.id)
_newest("ix_happening_type_newest", _h.day, _h.type, then=_h.id)
_newest("ix_happening_type_status_newest", _h.day, _h.type, _h.status, then=_h.id)
_newest("ix_happening_status_newest", _h.day, _h.status, then=_h.id)
_newest("ix_happening_place_newest", _h.day, _h.place_actor, then=_h.id)
_newest("ix_happening_contested", _h.day, then=_h.id, where=CONTESTED)
_newest("ix_matter_last", _m.last, then=_m.id)
sa.Index("ix_happening_month", MONTH, _h.type).ddl_if(dialect="sqlite")
sa.Index("ix_happening_sources", _h.independent.desc(), _h.tellings.desc())
sa.Index("ix_happening_tellings", _h.tellings.desc())
sa.Index("ix_happening_doubt", _h.confidence, _h.id)
sa.Index("ix_actor_most", _a.reports.desc(), _a.id)
sa.Index("ix_actor_type_most", _a.type, _a.reports.desc(), _a.id)
sa.Index("ix_actor_country_most", _a.country, _a.reports.desc(), _a.id)
sa.Index("ix_actor_key_id", _a.key, _a.id)
sa.Index("ix_ledger_most", _t.independent.desc(), _t.count.desc(), _t.id)
sa.Index("ix_ledger_unit_most", _t.unit, _t.independent.desc(), _t.count.desc(), _t.id)
sa.Index("ix_ledger_contested_most", _t.contested, _t.independent.desc(), _t.count.desc(), _t.id)
sa.Index("ix_statement_speaker", statement.c.speaker)
# What lists and counts want of rows that are found by their ids: the rows themselves are long.
sa.Index("ix_entity_spelling", entity.c.id, entity.c.name, entity.c.known)
sa.Index("ix_happening_brief", _h.id, _h.day, _h.type)
sa.Index("ix_entity_office", entity.c.id, sqlite_where=HOLDS_OFFICE, postgresql_where=HOLDS_OFFICE)
sa.Index("ix_party_bound", party.c.entity, party.c.item, sqlite_where=IS_BOUND, postgresql_where=IS_BOUND)
sa.Index("ix_judgement_layer_verdict", judgement.c.layer, judgement.c.verdict)

EVIDENCE = (entity, figure, statement, event, commitment, party)
"""Tables that are filled from a report and go with it."""

OF_ITEMS = ("accept", "reject", "correct", "add")
"""Verdicts about one item of a report."""
