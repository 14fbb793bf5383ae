"""Section D: the democratic review, service, urgent and hard tasks."""

from datetime import date

import pytest

from tests.features.scores.facts import facts, line, points, section


@pytest.mark.parametrize("mean", [0, 1, 505, 913, 1000])
def test_the_review_gives_the_mean_of_the_votes(mean):
    assert points("D1", facts("review.result", quantity=mean, in_month=12)) == mean


def test_a_review_not_yet_held_is_nothing_of_ten_possible():
    review = line("D1", through=date(2026, 9, 30))
    assert (review.points, review.possible, review.awaited) == (0, 1000, 1)


def test_a_review_that_was_held_is_final():
    review = line("D1", facts("review.result", quantity=0))
    assert (review.points, review.possible, review.awaited) == (0, 0, 0)


def test_two_reviews_give_their_mean_rounded_half_up():
    both = [facts("review.result", quantity=900), facts("review.result", quantity=801, in_month=12)]
    assert points("D1", *both) == 851  # 8.505


@pytest.mark.parametrize(("wishes", "worth"), [(0, 0), (1, 200), (2, 300), (3, 300), (9, 300)])
def test_the_first_wish_gives_two_and_the_second_one(wishes, worth):
    assert points("D2", facts("service.wish_realised", wishes)) == worth


@pytest.mark.parametrize(("half_days", "worth"), [(1, 100), (3, 300), (4, 300)])
def test_half_days_give_one_each_and_at_most_three(half_days, worth):
    assert points("D2", facts("service.half_day", half_days)) == worth


def test_a_whole_day_in_one_fact_is_two_half_days():
    assert points("D2", facts("service.half_day", 1, quantity=200)) == 200


def test_service_gives_at_most_six():
    service = line("D2", facts("service.wish_realised", 9), facts("service.half_day", 9))
    assert (service.points, service.possible) == (600, 600)


@pytest.mark.parametrize(("ones", "twos", "worth"), [(1, 0, 100), (0, 1, 200), (2, 1, 400), (0, 3, 400)])
def test_tasks_give_what_the_committee_decided_and_at_most_four(ones, twos, worth):
    assert points("D3", facts("task.urgent", ones), facts("task.urgent", twos, quantity=200)) == worth


def test_everything_gives_the_whole_section():
    conduct = section(
        "D",
        facts("review.result", quantity=1000),
        facts("service.wish_realised", 2),
        facts("service.half_day", 3),
        facts("task.urgent", 2, quantity=200),
    )
    assert conduct.points == conduct.maximum == 2000
