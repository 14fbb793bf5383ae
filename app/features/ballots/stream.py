"""The democratic review 民主评议, as the house knows it."""

from typing import Final

from sqlalchemy import Uuid, bindparam

from app.core.i18n import lazy_gettext
from app.core.own_data import Purpose, section
from app.features.ballots.due import lines, queues
from app.features.ballots.letters import BY_LETTER
from app.features.ballots.models import (
    BallotTally,
    DemocraticReview,
    ReviewLetter,
    ReviewOpinion,
    ReviewPerson,
    SelfAssessment,
)
from app.features.ballots.opinions import RESULT
from app.features.ballots.queries import grades
from app.features.ballots.rules import DISTRIBUTION_FROM
from app.features.members.two_people import Stands
from app.features.notices.sources import ReminderSource
from app.features.stream import OwnPage, Stream

BALLOTS: Final = Stream(
    name="ballots",
    grades=grades,
    routes=("app.features.ballots.routes", "app.features.ballots.desk.routes"),
    fact_sources=(RESULT, BY_LETTER),
    reminders=(
        ReminderSource(
            name="ballots.open",
            label=lazy_gettext("Ballots that are open"),
            due=lambda session, now: (),  # a ballot lasts minutes, and everybody who may vote sits in the room
            words=lambda details: "",
            lines=lines,
        ),
    ),
    queues=lambda session, actor, today: queues(session, actor),
    pages=(OwnPage("/ballots", "people", lazy_gettext("Democratic review")),),
    own_data=(
        section(
            "democratic_reviews",
            lazy_gettext("Democratic reviews"),
            {
                DemocraticReview.year: lazy_gettext("Year"),
                DemocraticReview.state: lazy_gettext("State"),
                ReviewPerson.is_present: lazy_gettext("Present"),
                ReviewOpinion.grade: lazy_gettext("Grade"),
                ReviewOpinion.reason: lazy_gettext("Reason"),
                ReviewOpinion.told_on: lazy_gettext("Told on"),
                ReviewOpinion.measure: lazy_gettext("Measure"),
                SelfAssessment.words: lazy_gettext("Own words"),
            },
            mine=ReviewPerson.member_id,
            joined=lambda rows: (
                rows.join_from(ReviewPerson, DemocraticReview, DemocraticReview.id == ReviewPerson.review_id)
                .outerjoin(
                    ReviewOpinion,
                    (ReviewOpinion.review_id == ReviewPerson.review_id)
                    & (ReviewOpinion.member_id == ReviewPerson.member_id)
                    & (ReviewOpinion.stands == Stands.CONFIRMED),
                )
                .outerjoin(
                    SelfAssessment,
                    (SelfAssessment.review_id == ReviewPerson.review_id)
                    & (SelfAssessment.member_id == ReviewPerson.member_id),
                )
            ),
            by=(DemocraticReview.year, DemocraticReview.id),
        ),
        section(
            "ballot_marks",
            lazy_gettext("Marks in democratic reviews, where there are five or more"),
            {
                DemocraticReview.year: lazy_gettext("Year"),
                BallotTally.excellent: lazy_gettext("Excellent"),
                BallotTally.qualified: lazy_gettext("Qualified"),
                BallotTally.basic: lazy_gettext("Basically qualified"),
                BallotTally.failed: lazy_gettext("Not qualified"),
            },
            mine=(BallotTally.member_id == bindparam("me", type_=Uuid()))
            & (
                BallotTally.excellent + BallotTally.qualified + BallotTally.basic + BallotTally.failed
                >= DISTRIBUTION_FROM
            ),
            joined=lambda rows: rows.join_from(
                BallotTally, DemocraticReview, DemocraticReview.id == BallotTally.review_id
            ),
            by=(DemocraticReview.year, DemocraticReview.id),
        ),
        section(
            "review_letters",
            lazy_gettext("Democratic reviews in host branches"),
            {
                ReviewLetter.year: lazy_gettext("Year"),
                ReviewLetter.host: lazy_gettext("Host branch"),
                ReviewLetter.document: lazy_gettext("Document number"),
                ReviewLetter.mean: lazy_gettext("Hundredths of a point"),
                ReviewLetter.stands: lazy_gettext("State"),
            },
            mine=ReviewLetter.member_id,
            by=(ReviewLetter.year, ReviewLetter.id),
        ),
    ),
    purposes={
        "democratic_reviews": Purpose(
            lazy_gettext("Your democratic reviews: marks as numbers, the grade, what you said of your year"),
            lazy_gettext("you and your branch's committee; nobody sees how anybody voted"),
            lazy_gettext("so that the branch can review its members once a year"),
        )
    },
)
