"""`python -m musnad.gazetteer`: compile the built-in lists into the index."""

from musnad.gazetteer.build import write

print(f"{write():,} bytes")
