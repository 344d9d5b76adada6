"""The desk: the record in a browser. Needs the extra `web`; `musnad serve` opens it."""
