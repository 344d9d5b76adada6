"""Accounts of a desk that several people share: names, roles, passwords (argon2id), sessions and tokens.

Nothing that lets anybody in is stored: of passwords an argon2id hash, of sessions and tokens (256 random bits) a SHA-256.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from musnad.record.errors import MissingExtra, StoreError
from musnad.store import sayable, schema
from musnad.store.store import Store, now

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES = ("reader", "coder", "editor", "admin")
"""Each may do what those before it may: read; judge; merge, split and adjudicate; keep accounts."""
SHORTEST = 10
SESSION = timedelta(hours=12)
_NAME = re.compile(r"[\w.@+-]{1,80}", re.UNICODE)


@dataclass(frozen=True, slots=True)
class User:
    """Who asks, and what they may do."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


@cache
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise MissingExtra("an account", "web") from error
    return PasswordHasher()


def plain(name: str) -> str:
    """A name as accounts bear it."""
    return unicodedata.normalize("NFC", name.strip())


def accounts(store: Store) -> list[dict[str, Any]]:
    """All accounts by name, without their secrets."""
    a = schema.account.c
    with store.reading() as c:
        return [dict(x) for x in c.execute(sa.select(a.name, a.role, a.closed, a.made).order_by(a.name)).mappings()]


def open_account(store: Store, name: str, password: str, role: str = "reader") -> User:
    """Make an account. Raises StoreError for a name that is taken or odd, a short password, an unknown role."""
    name = plain(name)
    if not _NAME.fullmatch(name):
        raise StoreError("a name is 1 to 80 letters, digits or . @ + - _, without spaces")
    _sound(password, role)
    row = {"name": name, "secret": _hasher().hash(password), "role": role, "closed": False, "made": now()}
    with store.writing() as c:
        if c.execute(sa.select(schema.account.c.name).where(schema.account.c.name == name)).first():
            raise StoreError(f"there is an account {name} already")
        c.execute(sa.insert(schema.account), [row])
    return User(name, role)


def change_account(
    store: Store, name: str, *, password: str | None = None, role: str | None = None, closed: bool | None = None, keep: str | None = None
) -> None:
    """Change what is given. All sessions of the account end (but the one whose secret is `keep`), and on closing its tokens too. Raises StoreError,
    also where no open admin would be left."""
    if password is not None or role is not None:
        _sound(password, role)
    values: dict[str, Any] = {k: v for k, v in (("role", role), ("closed", closed)) if v is not None}
    if password is not None:
        values["secret"] = _hasher().hash(password)
    a, t = schema.account, schema.ticket
    with store.writing() as c:
        if not c.execute(sa.update(a).where(a.c.name == name).values(**values)).rowcount:
            raise StoreError(f"there is no account {name}")
        if not c.execute(sa.select(a.c.name).where(a.c.role == "admin", a.c.closed.is_(False))).first():
            raise StoreError("somebody must stay admin")
        ending = sa.delete(t).where(t.c.account == name, t.c.hash != _hash(keep or ""))
        c.execute(ending if closed else ending.where(t.c.kind == "session"))


def _sound(password: str | None, role: str | None) -> None:
    if password is not None:
        sayable.text(password, 1000)
        if len(password) < SHORTEST:
            raise StoreError(f"a password has at least {SHORTEST} characters")
    if role is not None and role not in ROLES:
        raise StoreError(f"a role is one of {', '.join(ROLES)}, not {role!r}")


def sign_in(store: Store, name: str, password: str) -> str | None:
    """The secret of a new session, or None. It takes as long for a name that isn't there."""
    a = schema.account.c
    name = plain(name)
    with store.reading() as c:
        query = sa.select(a.secret).where(a.name == name, a.closed.is_(False))
        row = c.execute(query).first() if _NAME.fullmatch(name) else None
    if not _fits(row.secret if row else _nobody(), password) or row is None:
        return None
    return give_ticket(store, name, "session", "", SESSION)


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def _fits(hashed: str, password: str) -> bool:
    from argon2.exceptions import Argon2Error

    try:
        return _hasher().verify(hashed, password[:1000].encode("utf-8", "replace"))
    except Argon2Error:
        return False


def give_ticket(store: Store, account: str, kind: str, label: str, lasts: timedelta) -> str:
    """A new session or token of an account: the secret that is shown once. Tickets that have run out are swept away."""
    sayable.text(label)
    secret = secrets.token_urlsafe(32)
    moment = datetime.now(UTC)
    t = schema.ticket
    row = {"hash": _hash(secret), "account": account, "kind": kind, "label": label[:200], "made": now(), "until": _text(moment + lasts)}
    with store.writing() as c:
        c.execute(sa.delete(t).where(t.c.until < _text(moment)))
        c.execute(sa.insert(t), [row])
    return secret


def holder(store: Store, secret: str, kind: str) -> User | None:
    """Whose session or token this is, if it holds."""
    a, t = schema.account, schema.ticket
    query = (
        sa.select(a.c.name, a.c.role)
        .join_from(t, a)
        .where(t.c.hash == _hash(secret), t.c.kind == kind, t.c.until > _text(datetime.now(UTC)), a.c.closed.is_(False))
    )
    with store.reading() as c:
        row = c.execute(query).first()
    return User(row.name, row.role) if row else None


def tickets(store: Store, account: str, kind: str) -> list[dict[str, Any]]:
    """The tickets of an account that hold, newest first, by the first letters of their hash."""
    t = schema.ticket.c
    query = sa.select(sa.func.substr(t.hash, 1, 16).label("id"), t.label, t.made, t.until).where(t.account == account, t.kind == kind)
    with store.reading() as c:
        return [dict(x) for x in c.execute(query.where(t.until > _text(datetime.now(UTC))).order_by(t.made.desc())).mappings()]


def take_back(store: Store, *, secret: str | None = None, account: str | None = None, id: str | None = None) -> None:
    """End a session or token: by its secret, or by account and id."""
    t = schema.ticket
    if secret is None and not (account and id):
        return
    which = t.c.hash == _hash(secret) if secret is not None else sa.and_(t.c.account == account, sa.func.substr(t.c.hash, 1, 16) == id)
    with store.writing() as c:
        c.execute(sa.delete(t).where(which))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
