"""Quizzes, draws, plans and materials on their borders: docs/domain.md, study §1 to §4 and §8."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.core.errors import ImpossibleError
from app.features.study.bank import rules as bank
from app.features.study.bank.rules import Flaw, NewQuestion
from app.features.study.lists import rules as lists
from app.features.study.materials import rules as materials
from app.features.study.materials.rules import NewFile, NewMaterial
from app.features.study.plan import rules as plan
from app.features.study.quiz import rules as quiz
from app.features.study.quiz.rules import Attempt, Next, Question, QuestionType, Score, SpotCheck
from app.features.study.rules import StudyKind

SINGLE, MULTIPLE, TRUE_FALSE = QuestionType


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (quiz.DEFAULT_POINTS, 5),
        (quiz.POINTS, range(1, 21)),
        (quiz.LINES, range(50, 101)),
        (quiz.ATTEMPTS, 3),
        (bank.OPTIONS, range(2, 9)),
        (bank.LETTERS, "ABCDEFGH"),
        ((bank.STEM_LENGTH, bank.OPTION_LENGTH, bank.EXPLANATION_LENGTH), (500, 200, 500)),
        ((bank.SOURCE_LENGTH, bank.TAG_LENGTH), (120, 30)),
        (materials.MOST_BYTES, 10_485_760),
        ((materials.TITLE_LENGTH, materials.BODY_LENGTH, materials.ADDRESS_LENGTH), (120, 20_000, 500)),
        ((materials.LICENCE_LENGTH, materials.FILE_NAME_LENGTH), (200, 120)),
        ((plan.AHEAD, plan.ROWS, plan.SPEAKER_LENGTH), (12, 5, 40)),
        ((lists.MOST_A_YEAR, lists.ROWS_ABOVE), (24_000, 10)),  # 400 hours, in minutes
    ],
)
def test_limits(limit, number):
    assert limit == number


@pytest.mark.parametrize(
    ("text", "kind", "means"),
    [
        ("ac", MULTIPLE, "AC"),
        ("Ａ，Ｃ", MULTIPLE, "AC"),
        ("A、B;H", MULTIPLE, "ABH"),
        ("AA", MULTIPLE, None),
        ("AI", MULTIPLE, None),
        ("", SINGLE, ""),
        ("、", SINGLE, None),
        *((word, TRUE_FALSE, "T") for word in ("对", "正确", "√", "✓", "✔", "T", "true", "是")),
        *((word, TRUE_FALSE, "F") for word in ("错", "错误", "×", "x", "✗", "✘", "f", "False", "否")),
        ("也许", TRUE_FALSE, None),
    ],
)
def test_what_people_type_as_an_answer(text, kind, means):
    if means is None:
        with pytest.raises(ImpossibleError):
            quiz.choices(text, kind)
    else:
        assert quiz.choices(text, kind) == frozenset(means)


@pytest.mark.parametrize(
    ("kind", "key", "points", "fits"),
    [
        (SINGLE, "A", 1, True),
        (SINGLE, "AB", 5, False),
        (MULTIPLE, "A", 20, True),
        (MULTIPLE, "", 5, False),
        (MULTIPLE, "AB", 0, False),
        (MULTIPLE, "AB", 21, False),
    ],
)
def test_which_question_can_be(kind, key, points, fits):
    if fits:
        assert Question(kind, frozenset(key), points).points == points
    else:
        with pytest.raises(ImpossibleError):
            Question(kind, frozenset(key), points)


@pytest.mark.parametrize(
    ("kind", "answer", "half", "score"),
    [
        (MULTIPLE, "AC", False, 500),
        (MULTIPLE, "A", True, 250),
        (MULTIPLE, "A", False, 0),
        (MULTIPLE, "AD", True, 0),
        (MULTIPLE, "ACD", True, 0),
        (MULTIPLE, "", True, 0),
    ],
)
def test_a_part_of_the_right_answers_is_half_where_that_was_said(kind, answer, half, score):
    assert Question(kind, frozenset("AC")).score(frozenset(answer), half=half) == score


@pytest.mark.parametrize(
    ("score", "total", "line", "passed", "percent"),
    [
        (6000, 10_000, 60, True, 6000),
        (5999, 10_000, 60, False, 5999),
        (1, 3, 50, False, 3333),
        (2, 3, 50, True, 6667),
        (1, 20_000, 50, False, 1),
    ],
)
def test_the_line_itself_is_passed_and_hundredths_of_a_percent_are_rounded_half_up(score, total, line, passed, percent):
    found = Score(score, total, line)
    assert (found.passed, found.percent) == (passed, percent)


TWO = [Question(SINGLE, frozenset("A"), 5), Question(MULTIPLE, frozenset("AB"), 3)]


@pytest.mark.parametrize(
    ("answers", "said", "found"),
    [
        (["A", "A"], {}, (500, 800)),
        (["A", "A"], {"half": True}, (650, 800)),
        (["B", "AB"], {"withdrawn": [1]}, (300, 300)),
        (["B", "AB"], {"withdrawn": [2]}, (0, 500)),
        (["A"], {}, None),
        (["AB", "A"], {}, None),
        (["A", "A"], {"line": 49}, None),
        (["A", "A"], {"line": 101}, None),
        (["A", "A"], {"line": 100}, (500, 800)),
        (["A", "A"], {"withdrawn": [0]}, None),
        (["A", "A"], {"withdrawn": [3]}, None),
        (["A", "A"], {"withdrawn": [1, 2]}, None),
    ],
)
def test_what_an_attempt_comes_to(answers, said, found):
    said = {"line": 50, "half": False} | said
    if found is None:
        with pytest.raises(ImpossibleError):
            quiz.scored(TWO, answers, **said)
    else:
        score = quiz.scored(TWO, answers, **said)
        assert (score.score, score.total, score.line) == (*found, said["line"])


CLOSES = datetime(2026, 3, 9, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("number", "at", "counts"),
    [
        (3, CLOSES, True),
        (4, CLOSES, False),
        (1, CLOSES + SECOND, False),
        (1, None, True),
    ],
)
def test_which_attempt_counts(number, at, counts):
    assert Attempt([], at).counts(number, closes=CLOSES, allowed=3) is counts
    assert Attempt([], at).counts(number, closes=None, allowed=4)


@pytest.mark.parametrize(
    ("at", "received", "late"),
    [
        (CLOSES, CLOSES + SECOND, True),
        (CLOSES, CLOSES, False),
        (CLOSES + SECOND, CLOSES + SECOND, False),
        (None, CLOSES + SECOND, False),
        (CLOSES, None, False),
    ],
)
def test_what_was_made_in_time_and_came_late(at, received, late):
    assert Attempt([], at, received).late_upload(CLOSES) is late
    assert not Attempt([], at, received).late_upload(None)


@pytest.mark.parametrize(
    ("pool", "percent", "take"),
    [
        (0, 10, 0),
        (1, 1, 1),
        (10, 10, 1),
        (11, 10, 2),
        (100, 1, 1),
        (101, 1, 2),
        (7, 100, 7),
        (7, 0, None),
        (7, 101, None),
    ],
)
def test_a_sample_is_rounded_up(pool, percent, take):
    if take is None:
        with pytest.raises(ImpossibleError):
            quiz.sample_size(pool, percent)
    else:
        assert quiz.sample_size(pool, percent) == take


@pytest.mark.parametrize(
    ("pool", "returned", "found"),
    [
        (0, [], SpotCheck(0, 0, Next.NOTHING)),
        (20, [], SpotCheck(2, 20, Next.DRAW)),
        (20, [0], SpotCheck(2, 18, Next.BULK)),
        (20, [1], SpotCheck(2, 18, Next.SECOND_DRAW)),
        (20, [2, 0], SpotCheck(2, 16, Next.BULK)),
        (20, [2, 1], SpotCheck(2, 16, Next.SINGLY)),
        (1, [1], SpotCheck(1, 0, Next.NOTHING)),
        (20, [3], None),  # more than were drawn
        (20, [0, 1], None),  # nothing is drawn after a sample in which all was right
        (20, [1, 1, 1], None),
        (1, [1, 0], None),
    ],
)
def test_how_a_spot_check_goes_on(pool, returned, found):
    if found is None:
        with pytest.raises(ImpossibleError):
            quiz.spot_check(pool, 10, returned)
    else:
        assert quiz.spot_check(pool, 10, returned) == found


def test_nobody_is_drawn_twice_and_no_more_than_there_are():
    assert sorted(quiz.drawn("seed", ["a", "b"], 2)) == ["a", "b"]
    assert quiz.drawn("seed", ["a", "b"], 0) == []
    for ids, take in ((["a", "b"], 3), (["a", "a"], 1)):
        with pytest.raises(ImpossibleError):
            quiz.drawn("seed", ids, take)


@pytest.mark.parametrize(
    ("question", "flaws"),
    [
        (NewQuestion(SINGLE, "?", ["甲", "乙"], "A"), []),
        (NewQuestion(SINGLE, "", ["甲", "乙"], "A"), [Flaw.NO_STEM]),
        (NewQuestion(None, "?", [], ""), []),
        (NewQuestion(SINGLE, "?", ["甲"], "A"), [Flaw.OPTIONS]),
        (NewQuestion(SINGLE, "?", ["甲", "", "丙"], "A"), [Flaw.OPTION_GAP]),
        (NewQuestion(SINGLE, "?", ["甲"] * 8, "H"), []),
        (NewQuestion(SINGLE, "?", ["甲"] * 9, "H"), [Flaw.OPTIONS]),
        (NewQuestion(SINGLE, "?", ["甲", "乙"], "C"), [Flaw.NO_SUCH_OPTION]),
        (NewQuestion(SINGLE, "?", ["甲", "乙"], "AB"), [Flaw.ONE_ANSWER]),
        (NewQuestion(SINGLE, "?", ["甲", "乙"], ""), [Flaw.NO_KEY]),
        (NewQuestion(SINGLE, "?", ["甲", "乙"], "Z"), [Flaw.UNREADABLE_KEY]),
        (NewQuestion(MULTIPLE, "?", ["甲", "乙"], "AB"), []),
        (NewQuestion(TRUE_FALSE, "?", [], "对"), []),
        (NewQuestion(TRUE_FALSE, "?", ["正确", "错误"], "B"), []),
        (NewQuestion(TRUE_FALSE, "?", [], "B"), [Flaw.UNREADABLE_KEY]),
    ],
)
def test_what_is_wrong_with_a_question(question, flaws):
    assert [found.flaw for found in question.flaws()] == flaws


def test_a_letter_of_right_or_wrong_means_the_option_beside_it():
    assert NewQuestion(TRUE_FALSE, "?", ["正确", "错误"], "B").key == "F"
    assert NewQuestion(TRUE_FALSE, "?", ["错误", "正确"], "b ").key == "T"
    assert NewQuestion(MULTIPLE, "?", ["甲", "乙"], "BA").key == "AB"
    assert NewQuestion(None, "?", [], "A").key == ""


def test_several_answers_of_which_there_is_one_are_worth_a_look():
    options = ["甲", "乙"]
    assert NewQuestion(MULTIPLE, "?", options, "A").is_doubtful
    assert not NewQuestion(MULTIPLE, "?", options, "AB").is_doubtful
    assert not NewQuestion(SINGLE, "?", options, "A").is_doubtful


@pytest.mark.parametrize(
    ("month", "is_open"),
    [
        (date(2026, 2, 1), False),
        (date(2026, 3, 1), True),
        (date(2027, 3, 1), True),
        (date(2027, 4, 1), False),
        (date(2026, 4, 2), False),
    ],
)
def test_a_plan_is_open_from_this_month_to_a_year_ahead(month, is_open):
    assert plan.is_open(month, date(2026, 3, 31)) is is_open


@pytest.mark.parametrize(
    ("kind", "meets", "alone"), [("lecture", False, True), ("lecture", True, False), ("organised", False, False)]
)
def test_what_is_studied_at_a_meeting_is_ticked_there(kind, meets, alone):
    assert plan.is_done_alone(StudyKind(kind), UUID(int=1) if meets else None) is alone


def test_a_file_is_what_its_name_says_and_at_most_ten_mebibytes():
    begins = b"%PDF-"
    assert NewFile("党课.PDF", begins).media_type == "application/pdf"
    assert NewFile("党课.pdf", begins.ljust(10 * 1024 * 1024)).media_type == "application/pdf"
    with pytest.raises(materials.LargeFileError):
        NewFile("党课.pdf", begins.ljust(10 * 1024 * 1024 + 1)).media_type  # noqa: B018
    for name, content in (("党课.pdf", b"PK\x03\x04"), ("党课.exe", begins), ("pdf", b"")):
        with pytest.raises(materials.BadFileError):
            NewFile(name, content).media_type  # noqa: B018


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"body": "读本"}, "text"),
        ({"address": "https://example.cn/a"}, "link"),
        ({"file": NewFile("a.pdf", b"%PDF-")}, "file"),
        ({}, None),
        ({"body": "读本", "address": "https://example.cn/a"}, None),
    ],
)
def test_a_material_has_one_form(said, kind):
    if kind is None:
        with pytest.raises(materials.NotOneFormError):
            NewMaterial(title="?", **said).kind  # noqa: B018
    else:
        assert NewMaterial(title="?", **said).kind == kind


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.cn/a?b=c", True),
        ("http://example.cn", True),
        ("ftp://example.cn", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://example.cn/a b", False),
        ('https://example.cn/"', False),
        ("https://example.cn/<a>", False),
    ],
)
def test_a_link_leads_to_a_page(address, is_link):
    assert materials.is_link(address) is is_link


def test_a_file_keeps_its_ending_and_no_folders():
    assert materials.own_name("C:\\资料\\党课 讲稿.pdf") == "党课 讲稿.pdf"
    assert materials.own_name("/home/alice/a.pdf") == "a.pdf"
    assert materials.own_name("很" * 200 + ".docx") == "很" * 115 + ".docx"
    assert materials.own_name("很" * 200) == "很" * 120
