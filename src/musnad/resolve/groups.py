"""Groups that grow by joining (disjoint sets), and never bring together what people judged apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


class Groups:
    """Items in groups; a group is known by its `root`, the smallest of the items it was joined from."""

    def __init__(self, items: Iterable[str] = (), apart: Iterable[tuple[str, str]] = ()) -> None:
        self._parent = {x: x for x in items}
        self._apart: defaultdict[str, set[str]] = defaultdict(set)
        for x, y in apart:
            self._apart[x].add(y)
            self._apart[y].add(x)

    def __contains__(self, item: str) -> bool:
        return item in self._parent

    def root(self, item: str) -> str:
        """The group of an item; an unknown item becomes a group of its own."""
        parent = self._parent
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def may_join(self, x: str, y: str) -> bool:
        """False where the two are one group already, or hold two items that must stay apart."""
        a, b = self.root(x), self.root(y)
        return a != b and all(self.root(z) != b for z in self._apart[a])

    def join(self, x: str, y: str) -> bool:
        """Make one group of two where they may be; True where that was done."""
        if not self.may_join(x, y):
            return False
        a, b = sorted((self.root(x), self.root(y)))
        self._parent[b] = a
        self._apart[a] |= self._apart[b]
        for z in tuple(self._apart[b]):
            self._apart[self.root(z)].add(a)
        return True

    def all(self) -> dict[str, str]:
        """Item → root, for every item."""
        return {x: self.root(x) for x in tuple(self._parent)}
