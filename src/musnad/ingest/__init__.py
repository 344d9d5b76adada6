"""From bytes to reports: formats, encodings, cleaning, splitting, heads."""
