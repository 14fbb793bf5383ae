"""Quizzes and draws, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import model_validator

from app.core import clock
from app.core.tried import Case, Count, Moment, Question
from app.features.ledger.quantities import two_places
from app.features.study.quiz import rules


class _Question(Question):
    type: rules.QuestionType
    key: str
    points: int = rules.DEFAULT_POINTS


class _Attempt(Question):
    answers: tuple[str, ...]
    at: Moment | None = None
    received_at: Moment | None = None


class Quiz(Case):
    """One set of answers, or several attempts."""

    questions: tuple[_Question, ...]
    line: int = 60
    half: bool = False
    withdrawn: tuple[int, ...] = ()
    answers: tuple[str, ...] | None = None
    attempts: tuple[_Attempt, ...] | None = None
    closes: Moment | None = None
    allowed: Count = rules.ATTEMPTS

    @model_validator(mode="after")
    def _one_of_two(self) -> "Quiz":
        if (self.answers is None) == (self.attempts is None):
            raise ValueError("answers or attempts")
        return self

    def _scored(self, answers: tuple[str, ...]) -> tuple[rules.Score, bool]:
        """The score now, and whether it is a pass: one from before a withdrawal stays."""
        questions = [rules.Question(one.type, rules.choices(one.key, one.type), one.points) for one in self.questions]
        now = rules.scored(questions, answers, line=self.line, half=self.half, withdrawn=self.withdrawn)
        before = rules.scored(questions, answers, line=self.line, half=self.half)
        return now, now.passed or before.passed

    def answer(self) -> Mapping[str, Any]:
        """Scores, and whether it is passed."""
        if self.answers is not None:
            return _as_json(*self._scored(self.answers))
        attempts = [(one, *self._scored(one.answers)) for one in self.attempts or ()]
        told, counting = [], []
        for number, (one, score, passed) in enumerate(attempts, start=1):
            attempt = rules.Attempt(one.answers, one.at, one.received_at)
            counts = attempt.counts(number, closes=self.closes, allowed=self.allowed)
            flag = "late_upload" if counts and attempt.late_upload(self.closes) else None
            told.append({**_as_json(score, passed), "counts": counts, "flag": flag})
            if counts:
                counting.append((one, score, passed))
        passes = [one.at for one, _score, passed in counting if passed]
        days = [clock.local_day(at) for at in passes if at is not None]
        return {
            "attempts": told,
            "best": two_places(max(score.percent for _one, score, _passed in counting)) if counting else None,
            "passed": bool(passes),
            "passed_on": min(days) if days else None,
        }


def _as_json(score: rules.Score, passed: bool) -> dict[str, Any]:
    return {
        "score": two_places(score.score),
        "total": two_places(score.total),
        "percent": two_places(score.percent),
        "passed": passed,
    }


class Draw(Case):
    """A draw from ids."""

    seed: str
    ids: tuple[str, ...]
    percent: int | None = None
    take: Count | None = None
    without: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> "Draw":
        if (self.percent is None) == (self.take is None):
            raise ValueError("percent or take")
        if not set(self.without) <= set(self.ids):
            raise ValueError("left out, and not there")
        return self

    def answer(self) -> Mapping[str, Any]:
        """Who is drawn, in order."""
        pool = [one for one in self.ids if one not in self.without]
        take = self.take if self.take is not None else rules.sample_size(len(pool), self.percent or 0)
        return {"pool": len(pool), "take": take, "drawn": rules.drawn(self.seed, pool, take)}


class SpotCheck(Case):
    """How a spot check goes on."""

    pool: Count
    percent: int = 10
    returned: tuple[Count, ...] = ()

    def answer(self) -> Mapping[str, Any]:
        """How many are taken, how many are left, what is next."""
        found = rules.spot_check(self.pool, self.percent, self.returned)
        return {"take": found.take, "rest": found.rest, "next": found.next}


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType({"quiz": Quiz, "draw": Draw, "spot_check": SpotCheck})
