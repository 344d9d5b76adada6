"""musnad: Arabic news reports as a record that can be checked.

    import musnad
    for doc in musnad.read("page.html"):
        for statement in doc.statements: ...

Nothing heavy is imported until it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from musnad.document import Document as Document
    from musnad.reading import read as read
    from musnad.reading import read_text as read_text
    from musnad.record.errors import BadPage as BadPage
    from musnad.record.errors import MusnadError as MusnadError

_WHERE = {
    "Document": "musnad.document",
    "read": "musnad.reading",
    "read_text": "musnad.reading",
    "MusnadError": "musnad.record.errors",
    "BadPage": "musnad.record.errors",
}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'musnad' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
