"""Known names: places, states, peoples, institutions, groups and persons with their offices, in a compiled local index.

    gazetteer = tools.gazetteer
    for hit in gazetteer.scan(doc.text.folded, doc.text.tokens): ...    # every known name of a text, longest first at each token
    gazetteer.lookup("الموصل")                                           # (Known, …) by whole folded form, best first
    gazetteer.holder("وزير الدفاع", "FRA", "2016-01-20")                 # who held it on that day, or None
    gazetteer.nationality("الفرنسيه")                                    # "FRA"
    gazetteer.office("وزيره الخارجيه")                                   # OfficeKind: key, title_en, sectors
    gazetteer.country("العراق"), gazetteer.by_id("IRQ")                  # the state

Sources are word lists (`arabic/actors/*.tsv`, `arabic/places/*.tsv`, columns as `rows.py` says), compiled into
`arabic/places/index.bin` by `python -m musnad.gazetteer`. A user's folder with `actors/` or `places/` of the same form is
read on top and wins. Everything is by folded form (`grammar.folding.fold`); clitics are seen through in `scan` only.
"""

from musnad.gazetteer.index import Gazetteer
from musnad.gazetteer.known import Known, KnownHit, Office, OfficeKind

__all__ = ["Gazetteer", "Known", "KnownHit", "Office", "OfficeKind"]
