"""What people read for the codes of the record: (Arabic, English)."""

from __future__ import annotations

Label = tuple[str, str]

SECTIONS: dict[str, Label] = {
    "entities": ("الأطراف والأماكن", "Who and where"),
    "mentions": ("الأسماء", "Names"),
    "statements": ("الأقوال وسلاسل نقلها", "Statements and their chains"),
    "events": ("الأحداث", "Events"),
    "commitments": ("التعهدات", "Commitments"),
    "figures": ("الأرقام", "Figures"),
    "times": ("الأزمنة", "Times"),
}
ENTITY_TYPES: dict[str, Label] = {
    "PER": ("شخص", "person"),
    "ORG": ("جهة", "organisation"),
    "LOC": ("مكان", "place"),
    "NORP": ("نسبة أو جماعة", "nationality or group"),
}
BASES: dict[str, Label] = {
    "stated": ("مذكور في الصفحة", "stated in the page"),
    "metadata": ("من بيانات الملف", "from metadata"),
    "inferred": ("مستنتج من النص", "inferred from the text"),
}
LINKS: dict[str, Label] = {
    "speaker": ("القائل", "speaker"),
    "spokesperson": ("متحدث", "spokesperson"),
    "document": ("وثيقة", "document"),
    "agency": ("وكالة", "agency"),
    "outlet": ("الناشر", "outlet"),
    "republisher": ("معيد النشر", "republisher"),
}
ACTS: dict[str, Label] = {
    "say": ("قول", "says"),
    "confirm": ("تأكيد", "confirms"),
    "deny": ("نفي", "denies"),
    "promise": ("وعد", "promises"),
    "demand": ("مطالبة", "demands"),
    "warn": ("تحذير", "warns"),
    "accuse": ("اتهام", "accuses"),
    "praise": ("إشادة", "praises"),
    "announce": ("إعلان", "announces"),
    "explain": ("توضيح", "explains"),
}
STATUSES: dict[str, Label] = {
    "happened": ("وقع", "happened"),
    "ongoing": ("جارٍ", "ongoing"),
    "planned": ("مقرر", "planned"),
    "denied": ("منفي", "denied"),
    "hypothetical": ("محتمل", "hypothetical"),
    "historical": ("سابق", "historical"),
}
STANCES: dict[str, Label] = {
    "pledged": ("تعهد", "pledged"),
    "reaffirmed": ("تجديد تعهد", "reaffirmed"),
    "extended": ("تمديد", "extended"),
    "denied": ("نفي تعهد", "denied"),
    "fulfilled": ("وفاء", "fulfilled"),
    "withdrawn": ("تراجع", "withdrawn"),
}
EVENT_TYPES: dict[str, Label] = {
    "AGREE": ("اتفاق أو وعد", "agree"),
    "CONSULT": ("تشاور", "consult"),
    "SUPPORT": ("دعم", "support"),
    "CONCEDE": ("تنازل", "concede"),
    "COOPERATE": ("تعاون", "cooperate"),
    "AID": ("مساعدة", "aid"),
    "RETREAT": ("تراجع أو انسحاب", "retreat"),
    "REQUEST": ("طلب", "request"),
    "ACCUSE": ("اتهام أو انتقاد", "accuse"),
    "REJECT": ("رفض", "reject"),
    "THREATEN": ("تهديد", "threaten"),
    "PROTEST": ("احتجاج", "protest"),
    "SANCTION": ("عقوبة", "sanction"),
    "MOBILIZE": ("حشد", "mobilize"),
    "COERCE": ("إكراه", "coerce"),
    "ASSAULT": ("هجوم", "assault"),
}
ROLES: dict[str, Label] = {
    "actor": ("الفاعل", "actor"),
    "recipient": ("المتلقي", "recipient"),
    "place": ("المكان", "place"),
    "when": ("اليوم", "day"),
    "by": ("المتعهد", "by"),
    "to": ("المتعهد له", "to"),
    "deadline": ("الموعد", "deadline"),
    "office": ("الصفة", "office"),
}
BOUNDS: dict[str, Label] = {
    "exact": ("بالضبط", "exactly"),
    "about": ("نحو", "about"),
    "more_than": ("أكثر من", "more than"),
    "less_than": ("أقل من", "less than"),
    "at_least": ("على الأقل", "at least"),
    "at_most": ("على الأكثر", "at most"),
}
DROPPED: dict[str, Label] = {
    "navigation": ("تنقل", "navigation"),
    "share": ("مشاركة", "share"),
    "comments": ("تعليقات", "comments"),
    "related": ("روابط", "related"),
    "tags": ("وسوم", "tags"),
    "counter": ("عدّاد", "counter"),
    "artifact": ("بقايا", "artifact"),
    "other": ("غير ذلك", "other"),
}
