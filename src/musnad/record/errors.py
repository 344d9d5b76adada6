"""The errors that musnad raises, as one small tree.

MusnadError
├── BadPage        a page that can't be read: its reason is for people
├── BadRule        a word list, rule or lexicon file that is wrong: file and line
├── BadRecord      a record without evidence, or whose evidence isn't its slice
├── StoreError     the record's store can't be opened, trusted or written
└── MissingExtra   a part that needs an optional installation
"""


class MusnadError(Exception):
    """Base of every error that musnad raises on purpose; its text is written for people."""


class BadPage(MusnadError):
    """A page that can't be read."""


class BadRule(MusnadError):
    """A word list, rule or lexicon file that is wrong; the text names file and line."""


class BadRecord(MusnadError):
    """A record without evidence, or whose evidence isn't the slice it claims to be."""


class StoreError(MusnadError):
    """The store can't be opened, trusted or written."""


class MissingExtra(MusnadError):
    """A part of musnad whose optional dependencies aren't installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs more packages: pip install 'musnad[{extra}]'")
        self.extra = extra
