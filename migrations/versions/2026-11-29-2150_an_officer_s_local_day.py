"""Whether a record is of an officer is asked of the branch's day, as everywhere; it was UTC's, a day behind until eight.

Revision: 0031, after 0030. An installation that moves to another time zone keeps the day of this one here.
"""

from alembic import op

from app.core.local_days import in_words

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAME = "reviews_decided_by_who_was_there"
TOO_LATE = "reviews: a record of an officer is decided by who held a post that decides before it arrived"
DECIDED = "NEW.decided_by_id NOT IN (NEW.member_id, NEW.recorded_by_id) AND OLD.decided_by_id IS NULL"
DECIDER_BEFORE = """EXISTS (
    SELECT 1 FROM role_terms AS decides
    WHERE decides.member_id = NEW.decided_by_id
      AND decides.role IN ('secretary', 'deputy', 'organisation', 'supervisor', 'committee_officer')
      AND (decides.given_at IS NULL OR decides.given_at <= NEW.submitted_at))"""


def upgrade() -> None:
    """Make the change."""
    _compare(in_words(op.get_bind().dialect.name, "NEW.submitted_at"))


def downgrade() -> None:
    """Take it back."""
    _compare("date(NEW.submitted_at)")


def _compare(day: str) -> None:
    of_an_officer = f"""EXISTS (
    SELECT 1 FROM role_terms AS held
    WHERE held.member_id IN (NEW.member_id, NEW.recorded_by_id) AND held.organisation_id = NEW.branch_id
      AND held.role IN ('secretary', 'deputy', 'organisation')
      AND (held.ends_on IS NULL OR held.ends_on >= {day}))"""  # noqa: S608 (our own words)
    too_late = f"{DECIDED} AND {of_an_officer} AND NOT {DECIDER_BEFORE}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {NAME}")
        op.execute(f"""CREATE TRIGGER {NAME} BEFORE UPDATE OF decided_by_id ON reviews
    WHEN {too_late}
    BEGIN SELECT RAISE(ABORT, '{TOO_LATE}'); END""")
    else:
        op.execute(f"""CREATE OR REPLACE FUNCTION refuse_late_decider() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {too_late} THEN
            RAISE EXCEPTION USING MESSAGE = '{TOO_LATE}', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""")
