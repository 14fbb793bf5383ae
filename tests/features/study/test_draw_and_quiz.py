"""Draws anybody can recompute, quizzes scored exactly, a spot check that ends."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from app.features.study.quiz.rules import Next, Question, QuestionType, drawn, sample_size, scored, spot_check
from tests.tries import answer

IDS = st.lists(st.text("abc123", min_size=1, max_size=4), min_size=1, max_size=30, unique=True)
LETTERS = st.frozensets(st.sampled_from("ABCD"), min_size=1)


@given(seed=st.text(max_size=12), ids=IDS, percent=st.integers(1, 100))
def test_a_draw_is_the_order_of_its_hashes_whoever_asks(seed, ids, percent):
    by_hand = sorted(ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode("utf-8", "surrogatepass")).hexdigest())
    take = sample_size(len(ids), percent)
    assert drawn(seed, ids, take) == by_hand[:take] == drawn(seed, list(reversed(ids)), take)
    assert 1 <= take <= len(ids)
    assert take * 100 >= percent * len(ids) > (take - 1) * 100


@given(key=LETTERS, given_answer=LETTERS, points=st.integers(1, 20))
def test_a_wrong_letter_gives_nothing_and_half_is_never_more_than_half(key, given_answer, points):
    question = Question(QuestionType.MULTIPLE, key, points)
    strict, half = question.score(given_answer, half=False), question.score(given_answer, half=True)
    assert strict == (100 * points if given_answer == key else 0)
    assert half == (100 * points if given_answer == key else 50 * points if given_answer < key else 0)


@given(st.lists(st.sampled_from("AB"), min_size=2, max_size=8), st.integers(50, 100))
def test_a_withdrawn_question_never_takes_a_pass_away(typed, line):
    questions = [Question(QuestionType.SINGLE, frozenset("A"))] * len(typed)
    before = scored(questions, typed, line=line, half=False)
    case = {
        "questions": [{"type": "single", "key": "A"}] * len(typed),
        "answers": typed,
        "line": line,
        "withdrawn": [1],
    }
    assert answer("quiz", case)["passed"] >= before.passed


@given(pool=st.integers(1, 60), percent=st.integers(1, 100), looks=st.lists(st.booleans(), max_size=2))
def test_a_spot_check_approves_the_rest_only_after_a_clean_sample(pool, percent, looks):
    size = sample_size(pool, percent)
    if len(looks) == 2 and (not looks[0] or pool <= size):
        return
    found = spot_check(pool, percent, [int(back) for back in looks])
    assert found.rest == max(0, pool - size * len(looks))
    assert (found.next is Next.BULK) == (found.rest > 0 and bool(looks) and not looks[-1])
    assert (found.next is Next.SINGLY) == (found.rest > 0 and looks == [True, True])


def test_right_and_wrong_are_read_as_people_write_them():
    questions = [{"type": "true_false", "key": key} for key in ("对", "错误", "√", "T")]
    told = answer("quiz", {"questions": questions, "answers": ["正确", "×", "t", "对"]})
    assert (told["score"], told["passed"]) == ("20.00", True)
