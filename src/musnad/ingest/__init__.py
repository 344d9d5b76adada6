"""From bytes to reports: formats, encodings, cleaning, splitting, heads."""

from musnad.ingest.sources import pages as pages
