"""Flat text becomes reports: heads read, boilerplate dropped with its kind, everything of the article kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from musnad.grammar.folding import Folded
from musnad.ingest.cleaning import find_reports
from musnad.ingest.page import Page
from musnad.record.kinds import Report
from musnad.tools import load

GOLDEN = Path(__file__).parents[1] / "golden" / "cleaning"
TITLE = "الوزارة تبدأ ترميم المدارس القديمة"
BODY = (
    "بدأت وزارة التربية ترميم سبعين مدرسة في المحافظات الجنوبية، على أن ينتهي العمل قبل بداية العام الدراسي.",
    "وقال الوزير في مؤتمر صحافي إن كلفة الترميم تبلغ أربعة ملايين دولار تدفعها الحكومة والجهات المانحة معا.",
    "وأضاف أن المدارس التي لا تصلح للترميم سيعاد بناؤها في العام المقبل.",
)


def golden(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((GOLDEN / f"{name}.yaml").read_text(encoding="utf-8")))


def reports(*lines: str, **known: str) -> list[Report]:
    source = "\n".join(lines)
    found = list(find_reports(Page("page", source, "0" * 64, **known), Folded(source), load(model=False)))
    for report in found:
        for part in (*report.segments, *report.dropped):
            assert source[part.start : part.end] == part.text
    return found


def kept(report: Report) -> list[str]:
    return [s.text for s in report.segments]


@pytest.mark.parametrize("case", golden("heads"), ids=lambda c: c["head"][:40])
def test_heads(case: dict[str, Any]) -> None:
    (report,) = reports(TITLE, case["head"], *BODY)
    assert report.title and report.title.text == TITLE
    assert kept(report) == [TITLE, *BODY]
    assert (report.published.date if report.published else None) == (str(case["day"]) if "day" in case else None)
    assert (report.outlet.text if report.outlet else None) == case.get("outlet")
    assert (report.byline.text if report.byline else None) == case.get("by")


@pytest.mark.parametrize("case", golden("tails"), ids=lambda c: c["tail"][:40])
def test_tails(case: dict[str, Any]) -> None:
    (report,) = reports(TITLE, *BODY, case["tail"])
    assert kept(report) == [TITLE, *BODY]
    assert report.dropped[0].kind == case["kind"]


@pytest.mark.parametrize(
    ("dateline", "day", "outlet"),
    [
        ("القاهرة (رويترز) - ", None, None),
        ("دبي، الإمارات العربية المتحدة (CNN)-- ", None, "CNN"),
        ("لندن- “القدس العربي”: ", None, "القدس العربي"),
        ("إيلاف من لندن: ", None, "إيلاف"),
        ("بيروت 12 فبراير 2019 (شينخوا) -- ", "2019-02-12", None),
        ("رام الله 12-2-2019 وفا- ", "2019-02-12", None),
    ],
)
def test_datelines_stay_in_the_text(dateline: str, day: str | None, outlet: str | None) -> None:
    (report,) = reports(TITLE, dateline + BODY[0], *BODY[1:])
    assert kept(report)[1] == dateline + BODY[0]
    assert report.dateline and dateline.startswith(report.dateline.text)
    assert (report.published.date if report.published else None, report.outlet.text if report.outlet else None) == (day, outlet)


def test_the_page_is_believed_before_metadata_and_metadata_before_inference() -> None:
    text = "افتتح الوزير اليوم الأحد 12 أيار/مايو 2019 أولى المدارس التي انتهى ترميمها."
    (stated,) = reports(TITLE, "نشر في 13 مايو 2019", text, published="2019-05-14")
    (told,) = reports(TITLE, text, published="2019-05-14")
    (inferred,) = reports(TITLE, text)
    (unknown,) = reports(TITLE, *BODY)
    found = [r.published and (r.published.date, r.published.basis) for r in (stated, told, inferred, unknown)]
    assert found == [("2019-05-13", "stated"), ("2019-05-14", "metadata"), ("2019-05-12", "inferred"), None]


def test_metadata_decide_which_of_two_readings_of_a_stamp_holds() -> None:
    (report,) = reports(TITLE, "04/06/2018", *BODY, published="2018-04-06")
    assert report.published and (report.published.date, report.published.basis) == ("2018-04-06", "stated")


def test_an_outlet_from_metadata_is_pointed_at_where_the_text_names_it() -> None:
    (quoted,) = reports(*BODY, 'وجاء ذلك في بيان تلقت "إيلاف" نسخة منه.', outlet="إيلاف")
    assert quoted.outlet and quoted.outlet.text == "إيلاف"
    (absent,) = reports(*BODY, outlet="إيلاف")
    assert absent.outlet and (absent.outlet.name, absent.outlet.start) == ("إيلاف", None)
    (word,) = reports(*BODY, "وحضرت المنظمات الدولية الافتتاح، كما أخبر مدير المدرسة الدولية.", outlet="الدولية")
    assert word.outlet and word.outlet.start is None


def test_whom_the_speakers_talk_to_is_the_outlet() -> None:
    (report,) = reports(TITLE, *BODY, "وقال مدير إحدى المدارس لـ«الشرق الأوسط» إن التلاميذ سيعودون في الخريف.")
    assert report.outlet and report.outlet.text == "الشرق الأوسط"


def test_a_republisher_is_told_from_the_outlet_it_copies() -> None:
    (report,) = reports(TITLE, "البوابة نيوز", "12 مايو 2019", *BODY, "المصدر: صحيفة الراية")
    assert report.outlet and report.outlet.text == "صحيفة الراية"
    assert report.republisher and report.republisher.text == "البوابة نيوز"
    (report,) = reports(TITLE, "12 مايو 2019", *BODY, "المصدر: صحيفة الراية", outlet="المدونة")
    assert report.republisher and (report.republisher.name, report.republisher.start) == ("المدونة", None)


def test_a_title_and_a_caption_printed_twice_are_kept_once() -> None:
    caption = "تلاميذ في ساحة المدرسة خلال أعمال الترميم في الجنوب"
    (report,) = reports("أخبار محلية", TITLE, "", TITLE, "768", "0", BODY[0], caption, caption, *BODY[1:])
    assert kept(report) == [TITLE, BODY[0], caption, *BODY[1:]]
    assert [s.kind for s in report.segments] == ["title", "body", "caption", "body", "body"]


def test_subheadings_stay_and_links_between_paragraphs_go() -> None:
    links = ["المعلمون يطالبون بزيادة الأجور قبل الخريف", "سباق بين الأندية على لاعبي المنتخب", "أسعار القمح تهبط في الأسواق العالمية"]
    (report,) = reports(TITLE, BODY[0], *links, BODY[1], "إعادة بناء المدارس", BODY[2])
    assert kept(report) == [TITLE, *BODY[:2], "إعادة بناء المدارس", BODY[2]]
    assert report.segments[3].kind == "subhead"
    assert {d.kind for d in report.dropped} == {"related"}


def test_a_list_that_the_text_announces_stays() -> None:
    items = ["- مدرسة النهضة في الحي الشرقي", "- مدرسة الأمل قرب السوق", "- مدرسة الفرات في القرية"]
    (report,) = reports(TITLE, *BODY[:2], "وتشمل المرحلة الأولى المدارس الآتية:", *items, BODY[2])
    assert kept(report) == [TITLE, *BODY[:2], "وتشمل المرحلة الأولى المدارس الآتية:", *items, BODY[2]]


TEASERS = (
    "أعلن نادي العاصمة لكرة القدم تعاقده مع حارس جديد قادم من البرازيل لثلاثة مواسم متتالية.",
    "ارتفعت أسعار النفط في الأسواق الآسيوية بعد عاصفة أغلقت موانئ التصدير على خليج المكسيك.",
    "اكتشف علماء الفلك كوكبا يدور حول نجم بعيد ويشبه الأرض في حجمه وحرارة سطحه.",
    "توفي الممثل المعروف عن عمر ناهز الثمانين بعد مسيرة طويلة على خشبة المسرح.",
)


def test_teasers_of_other_articles_below_the_text_go() -> None:
    (report,) = reports(TITLE, *BODY, *TEASERS)
    assert kept(report) == [TITLE, *BODY]


@pytest.mark.parametrize(
    "last",
    [
        "تخطط الحكومة كذلك لترميم مدارس أخرى في محافظات الوسط قبل نهاية العام الدراسي المقبل.",
        "تبلغ حصة الجهات المانحة من كلفة الترميم نصف المبلغ تقريبا، ويدفع أكثرها صندوق أوروبي للتنمية.",
        '"نحن سعداء ببداية العمل في مدرستنا"، يقول مدير مدرسة في إحدى قرى الجنوب تتسرب مياه المطر إلى فصولها.',
    ],
)
def test_the_last_paragraph_above_teasers_stays(last: str) -> None:
    (report,) = reports(TITLE, *BODY, last, *TEASERS)
    assert kept(report) == [TITLE, *BODY, last]


def test_a_teaser_with_its_own_day_needs_more_than_a_few_shared_words() -> None:
    teaser = "أعلنت وزارة الصحة، الاثنين، ترميم مستشفى الولادة وسط المدينة بعد حريق كبير نشب في طابقه الأرضي."
    (report,) = reports(TITLE, *BODY, teaser, *TEASERS)
    assert kept(report) == [TITLE, *BODY]


def test_a_list_of_long_points_below_the_text_stays() -> None:
    points = tuple(f"- {t}" for t in TEASERS)
    assert kept(reports(TITLE, *BODY, *points)[0]) == [TITLE, *BODY, *points]


def test_rests_of_markup_and_posts_are_cut_out_of_the_lines() -> None:
    (report,) = reports(
        TITLE,
        BODY[0] + "&\u00a0" + BODY[1],
        "&",
        "⭕️عاجل من حساب الوزارة على الموقع",
        "⭕️ترميم المدارس يبدأ… pic.twitter.com/aBc1",
        BODY[2] + " https://t.co/xyz",
    )
    assert kept(report) == [TITLE, *BODY]
    assert {d.kind for d in report.dropped} == {"artifact"}


def test_a_second_article_is_a_second_report() -> None:
    other = "افتتاح معرض الكتاب في العاصمة"
    lead = "افتتح مساء أمس معرض الكتاب في العاصمة بمشاركة مئتي دار نشر عربية وأجنبية جاءت من عشرين بلدا."
    more = "وقال مدير المعرض إن عدد الزوار في اليوم الأول فاق كل التوقعات، وإن الأبواب ستبقى مفتوحة حتى المساء."
    marked = reports(TITLE, "12 مايو 2019", *BODY, "كلمات دلالية: المدارس", "إقرأ أيضاً:", other, lead, more)
    stamped = reports(TITLE, "12 مايو 2019", *BODY, other, "13 مايو 2019", lead, more)
    for first, second in (marked, stamped):
        assert kept(first) == [TITLE, *BODY]
        assert kept(second) == [other, lead, more]
        assert second.title and second.title.text == other
        assert first.id != second.id and (first.part, second.part) == (0, 1)
    assert marked[1].published is None and stamped[1].published and stamped[1].published.date == "2019-05-13"


def test_a_short_text_is_kept_whole() -> None:
    assert kept(reports("وصل الوفد")[0]) == ["وصل الوفد"]
    assert kept(reports("وصل الوفد إلى المدينة.")[0]) == ["وصل الوفد إلى المدينة."]


def test_a_page_without_an_article_says_so() -> None:
    (report,) = reports("الرئيسية", "سياسة", "رياضة", "جميع الحقوق محفوظة 2019")
    assert not report.segments and "no article" in report.problems[-1]
    (empty,) = reports("")
    assert not empty.segments
