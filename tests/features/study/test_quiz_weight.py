"""What the page of questions weighs on the line, with everything it loads: on a phone that has none of it yet."""

import gzip
import re
from datetime import timedelta

import pytest
import time_machine

from app.core.settings import PROJECT_DIR
from app.features.study.bank import service as bank
from app.features.study.bank.rules import NewQuestion
from app.features.study.quiz.rules import QuestionType
from tests.features.study.quizzes import OPENS, make_quiz
from tests.makers import as_member

MOST = 40_000
QUESTIONS = 20
ASSET = re.compile(r'(?:href|src)="/assets/([^"#]+)')


@pytest.fixture(autouse=True)
def while_it_is_open():
    with time_machine.travel(OPENS + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def long_quiz(given, sam):
    """Twenty questions with long words."""

    def furnish(session):
        news = [
            NewQuestion(
                QuestionType.MULTIPLE,
                f"第{n}题：{'党章和条例是怎样规定的' * 3}？",
                [f"某某规定的一段话{n}" * 3] * 4,
                "AB",
            )
            for n in range(QUESTIONS)
        ]
        bank.add_all(session, sam.actor, sam.branch_id, news)
        ids = [row.id for row in bank.questions(session, sam.branch_id)]
        return make_quiz(session, sam, question_ids=ids, title="长")

    return given(furnish)


def weight(name):
    """Of a file of the build as it goes over the line."""
    small = PROJECT_DIR / "web" / "dist" / f"{name}.br"
    return (small if small.exists() else small.with_suffix("")).stat().st_size


def test_a_long_quiz_weighs_little_with_all_that_it_loads(client, long_quiz, alice):
    sent = client.get(f"/study/quizzes/{long_quiz}/take", headers=as_member(alice) | {"Accept-Encoding": "identity"})
    assert sent.text.count("<fieldset") == QUESTIONS
    names = set(ASSET.findall(sent.text))
    assert {name.split("-")[0] for name in names} >= {"quiz", "icons"}
    assert not [name for name in names if name.startswith("main")]
    page = len(gzip.compress(sent.content, 1))
    assert page + sum(map(weight, names)) <= MOST
