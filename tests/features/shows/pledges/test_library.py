"""A small library to begin with: it comes with the product, fits the post, and becomes the branch's own."""

import pytest

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.members.rules import Role
from app.features.shows.pledges import library
from app.features.shows.pledges.errors import SuggestionTakenError
from app.features.shows.pledges.library import Suggestion, fits
from app.features.shows.pledges.rules import Audience, Side
from tests.makers import make_member
from tests.races import race

LINE = {
    "audience": Audience.EVERYBODY,
    "keyword": None,
    "side": Side.SERVICE,
    "text": "每月到窗口值班 1 天",
    "sign": "值班表",
}


def texts(session, person):
    return {line.text for line in library.library(session, person.branch_id)}


def suggestion(audience=Audience.EVERYBODY, keyword=None):
    return Suggestion(**LINE | {"id": new_id(), "audience": audience, "keyword": keyword})


@pytest.mark.parametrize(
    ("line", "roles", "post", "expected"),
    [
        (suggestion(), [], None, True),
        (suggestion(keyword="财务 预算"), [], "预算科科长", True),
        (suggestion(keyword="财务 预算"), [], "信访科科员", False),
        (suggestion(keyword="财务"), [], None, False),
        (suggestion(Audience.SECRETARY), [Role.DEPUTY], None, True),
        (suggestion(Audience.SECRETARY), [Role.ORGANISATION], None, False),
        (suggestion(Audience.COMMITTEE), [Role.DISCIPLINE], None, True),
        (suggestion(Audience.GROUP_LEADER), [Role.GROUP_LEADER], None, True),
        (suggestion(Audience.GROUP_LEADER), [], "处长", False),
    ],
)
def test_what_fits_whom(line, roles, post, expected):
    assert fits(line, roles, post) is expected


def test_a_fresh_installation_has_one_of_every_side(session, alice):
    found = library.suggestions_for(session, alice.branch_id, alice.id)
    assert {line.side for line in found} == set(Side)
    assert {line.audience for line in found} == {Audience.EVERYBODY}


def test_the_post_comes_first(session, branch):
    clerk = make_member(session, branch, "钱小财", post="财务科科员")
    of_work = [line for line in library.suggestions_for(session, branch.id, clerk.id) if line.side is Side.WORK]
    assert "财务" in of_work[0].keyword
    assert of_work[-1].keyword is None


def test_the_secretary_has_suggestions_of_the_post(session, sam, alice):
    hers = library.suggestions_for(session, alice.branch_id, alice.id)
    his = library.suggestions_for(session, sam.branch_id, sam.id)
    assert {line.audience for line in his} >= {Audience.SECRETARY, Audience.COMMITTEE}
    assert len(his) > len(hers)


def test_the_first_change_makes_it_the_branchs_own(session, sam, oscar):
    before = texts(session, sam)
    library.add_suggestion(session, sam.actor, **LINE)
    assert texts(session, sam) == before | {LINE["text"]}
    assert texts(session, oscar) == before


def test_a_line_keeps_its_id_when_it_becomes_the_branchs_own(session, sam):
    line, other, *_rest = library.library(session, sam.branch_id)
    library.change_suggestion(session, sam.actor, suggestion_id=line.id, **LINE)
    assert library.suggestion(session, sam.branch_id, line.id).text == LINE["text"]
    library.remove_suggestion(session, sam.actor, suggestion_id=other.id)
    library.remove_suggestion(session, sam.actor, suggestion_id=other.id)
    with pytest.raises(NotFoundError):
        library.suggestion(session, sam.branch_id, other.id)


def test_words_stand_there_once(session, sam):
    library.add_suggestion(session, sam.actor, **LINE)
    with pytest.raises(SuggestionTakenError):
        library.add_suggestion(session, sam.actor, **LINE)
    line = next(line for line in library.library(session, sam.branch_id) if line.text != LINE["text"])
    with pytest.raises(SuggestionTakenError):
        library.change_suggestion(session, sam.actor, suggestion_id=line.id, **LINE)


def test_other_branches_lines_are_out_of_reach(session, sam, oscar):
    library.add_suggestion(session, oscar.actor, **LINE)
    theirs = next(line for line in library.library(session, oscar.branch_id) if line.text == LINE["text"])
    with pytest.raises(NotFoundError):
        library.change_suggestion(session, sam.actor, suggestion_id=theirs.id, **LINE)
    library.remove_suggestion(session, sam.actor, suggestion_id=theirs.id)
    assert LINE["text"] in texts(session, oscar)


def test_an_empty_library_stays_empty(session, sam):
    for line in library.library(session, sam.branch_id):
        library.remove_suggestion(session, sam.actor, suggestion_id=line.id)
    assert library.library(session, sam.branch_id) == []


@pytest.mark.race
def test_two_officers_begin_at_one_moment(database, sam, dora):
    def begin(number):
        with database.write() as session:
            library.add_suggestion(session, (sam, dora)[number % 2].actor, **LINE | {"text": f"每月值班 {number} 天"})

    assert race(6, begin) == [None] * 6
    with database.read() as session:
        assert len(library.library(session, sam.branch_id)) == len(library.as_it_came(sam.branch_id)) + 6
