"""A report's text as the stages see it: shadow, tokens, sentences, quotations and word-list hits, made once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from musnad.grammar.folding import Folded
from musnad.grammar.lexicon import Hit, Lexicon
from musnad.grammar.quotes import Quote, find_quotes
from musnad.grammar.sentences import Sentence, find_sentences
from musnad.grammar.tokens import Token, tokenize
from musnad.record.kinds import Segment
from musnad.record.span import Span, cut


class Text:
    """The kept segments of one report of a page. All offsets are source code points; token indexes count over the whole report."""

    def __init__(self, folded: Folded, segments: Sequence[Segment], lexicon: Lexicon) -> None:
        self.folded = folded
        self.source = folded.source
        self.segments = tuple(segments)
        self.lexicon = lexicon

    @cached_property
    def stretches(self) -> list[tuple[int, int, int]]:
        """The ranges of running text as (start, end, number of the first segment): a segment, or several of one line that only rests of markup part."""
        out: list[tuple[int, int, int]] = []
        for n, segment in enumerate(self.segments):
            if out and self.source.find("\n", out[-1][1], segment.start) < 0:
                out[-1] = (out[-1][0], segment.end, out[-1][2])
            else:
                out.append((segment.start, segment.end, n))
        return out

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of all segments; a line token stands between segments of different lines too."""
        out: list[Token] = []
        ends = {end for _, end, _ in self.stretches}
        for segment in self.segments:
            a, b = self.folded.shadow_at(segment.start), self.folded.shadow_at(segment.end)
            out.extend(tokenize(self.folded, a, b))
            if segment.end in ends and segment is not self.segments[-1] and out and out[-1].kind != "line":
                out.append(Token(b, b, segment.end, segment.end, "\n", "line"))
        return out

    @cached_property
    def _starts(self) -> list[int]:
        return [t.start for t in self.tokens]

    @cached_property
    def _quotes(self) -> list[list[Quote]]:
        return [find_quotes(self.source, start, end) for start, end, _ in self.stretches]

    @cached_property
    def quotes(self) -> list[Quote]:
        """The outermost quotations, in order."""
        return [q for quotes in self._quotes for q in quotes]

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [
            x
            for (start, end, n), quotes in zip(self.stretches, self._quotes, strict=True)
            for x in find_sentences(self.source, start, end, n, quotes)
        ]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    @cached_property
    def hits(self) -> list[Hit]:
        """Every word-list hit, in the order of the tokens."""
        return list(self.lexicon.scan(self.folded, self.tokens))

    @cached_property
    def hits_of(self) -> dict[str, list[Hit]]:
        """Word-list hits by the list's name; absent lists give an empty list."""
        out: defaultdict[str, list[Hit]] = defaultdict(list)
        for hit in self.hits:
            out[hit.entry.list].append(hit)
        return out

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds the source offset, else None."""
        i = bisect_right(self._sentence_starts, offset) - 1
        return self.sentences[i] if i >= 0 and offset < self.sentences[i].end else None

    def tokens_in(self, start: int, end: int) -> list[Token]:
        """The tokens that start in the source range."""
        return self.tokens[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def token_index(self, offset: int) -> int:
        """The index of the token that holds or follows the source offset."""
        i = bisect_right(self._starts, offset) - 1
        return i if i >= 0 and offset < self.tokens[i].end else i + 1

    def fold_of(self, start: int, end: int) -> str:
        """The folded text of a source range."""
        return self.folded.text[self.folded.shadow_at(start) : self.folded.shadow_at(end)]

    def cut(self, start: int, end: int) -> Span:
        return cut(self.source, start, end)
