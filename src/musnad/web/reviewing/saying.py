"""What changed in an item, in words: field names and values as people read them."""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from musnad.web.desk import Desk
from musnad.web.wording import Words, catalogue, harmless, iso

_TABLES = {"type": "EVENT_TYPES", "status": "STATUSES", "act": "ACTS", "stance": "STANCES", "bound": "BOUNDS", "link": "LINKS"}


@pass_context
def field_name(context: Context, key: str) -> str:
    """A field of a record as people call it."""
    words: Words = context["t"]
    return catalogue(words.lang).get(f"field.{key}", key)


@pass_context
def said_value(context: Context, value: Any, key: str) -> Markup:
    """A value of a field: words of the text, codes by their names, days."""
    words: Words = context["t"]
    if value is None or value in ("", [], ()):
        return Markup("—")
    if isinstance(value, (list, tuple)):
        comma = words("list.comma") + " "
        return Markup(escape(comma)).join(said_value(context, v, key) for v in value)
    if isinstance(value, dict):
        if value.get("from") or value.get("to"):
            return words.days(value.get("from"), value.get("to"))
        link = Markup("{} ").format(words.label(value["link"], "LINKS")) if "link" in value else Markup("")
        return link + iso(value.get("text") or value.get("name") or "—")
    if key in ("from", "to") and isinstance(value, str):
        return words.day(value)
    if isinstance(value, float):
        return Markup("<bdi>{}</bdi>").format(words.number(value))
    text = words.label(value, _TABLES[key]) if key in _TABLES else str(value)
    return iso(catalogue(words.lang).get(f"{key}.{value}", text) if key == "mode" else text)


Desk.templates.globals.update(field_name=field_name, said_value=said_value)
Desk.templates.filters.setdefault("harmless", harmless)
