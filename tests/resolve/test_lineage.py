"""Copies, cuts and updates of our own little reports, and who copied whom."""

from musnad.grammar.shingles import shingles, sketch
from musnad.resolve.lineage import Pair, Telling, families, find_pairs

BODY = (
    "عقد وزراء الزراعة في الدول المطلة على البحيرة اجتماعا طارئا لبحث انخفاض منسوب المياه وتأثيره في المزارعين والصيادين. "
    "وقال البيان الختامي إن المجتمعين اتفقوا على تشكيل لجنة فنية تقدم تقريرها خلال ثلاثة أشهر وتدرس إنشاء مركز رصد مشترك. "
    "وأضاف أن الدول الأربع ستتقاسم كلفة المشروع بالتساوي على أن يبدأ العمل مطلع العام المقبل بدعم من البنك الأفريقي للتنمية. "
    "ورحب ممثلو المزارعين بالقرار لكنهم طالبوا بتعويضات عاجلة عن المواسم الثلاثة الماضية التي تراجعت فيها المحاصيل إلى النصف."
)
OTHER = (
    "فاز المنتخب الوطني لكرة اليد على ضيفه بفارق خمسة أهداف في مباراة شهدت حضورا جماهيريا كبيرا وتألق فيها الحارس الشاب وتصدى لسبع رميات."
)


def telling(id: str, text: str, **known: object) -> Telling:
    hashes = shingles(text)
    return Telling(id, sketch(hashes), lambda: hashes, **known)  # type: ignore[arg-type]


def pairs(*tellings: Telling) -> list[Pair]:
    return list(find_pairs(tellings))


def test_a_copy_with_other_spelling_is_found_and_the_credited_one_is_the_original() -> None:
    copy = BODY.replace("أ", "ا").replace("ة ", "ه ") + " المصدر: وكالة الأنباء."
    found = pairs(
        telling("late", copy, published="2020-05-02", outlet="الموقع", credits=frozenset({"وكاله الانباء"})),
        telling("early", BODY, published="2020-05-03", outlet="وكاله الانباء"),
        telling("else", OTHER),
    )
    assert [(p.kind, p.original) for p in found] == [("copy", "early")]
    assert any(w.startswith("credit") for w in found[0].why)


def test_an_excerpt_knows_its_whole() -> None:
    (pair,) = pairs(telling("whole", BODY), telling("cut", BODY[: len(BODY) // 3]))
    assert (pair.kind, pair.original) == ("excerpt", "whole")


def test_the_days_decide_and_nothing_decides_nothing() -> None:
    (pair,) = pairs(telling("a", BODY, published="2020-05-03"), telling("b", BODY, published="2020-05-02T10:00"))
    assert pair.original == "b"
    (pair,) = pairs(telling("a", BODY), telling("b", BODY))
    assert pair.original is None


def test_two_outlets_may_share_an_agency_that_neither_names() -> None:
    early, late = {"published": "2020-05-02", "outlet": "الصباح"}, {"published": "2020-05-03", "outlet": "المدي"}
    (pair,) = pairs(telling("a", BODY, **early), telling("b", BODY, **late))
    assert pair.original is None
    (pair,) = pairs(telling("a", BODY, **early), telling("b", BODY, **late, credits=frozenset({"الصباح"})))
    assert pair.original == "a"
    (pair,) = pairs(telling("a", BODY, **early), telling("b", BODY[: len(BODY) // 3], **late))
    assert pair.original == "a"


def test_only_fresh_reports_are_compared_when_asked() -> None:
    tellings = [telling("a", BODY), telling("b", BODY), telling("c", BODY)]
    assert {(p.a, p.b) for p in find_pairs(tellings, fresh=[2])} == {("a", "c"), ("b", "c")}


def test_families_leave_updates_apart() -> None:
    rest = {"original": None, "jaccard": 0.5, "containment": 0.9}
    found = families(
        [
            Pair(a="b", b="a", kind="copy", score=0.9, **rest),
            Pair(a="c", b="b", kind="excerpt", score=0.9, **rest),
            Pair(a="d", b="c", kind="update", score=0.6, **rest),
        ]  # type: ignore[arg-type]
    )
    assert found == {"a": "a", "b": "a", "c": "a"}


def test_empty_and_tiny_texts() -> None:
    assert pairs(telling("a", ""), telling("b", ""), telling("c", "خبر")) == []
    assert len(pairs(telling("a", "خبر عاجل اليوم"), telling("b", "خبر عاجل اليوم"))) == 1
