"""What is spoken of without a network: pledges, duties and communities, and the lists of them on a phone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

from playwright.sync_api import Locator, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.features.members.models import Organisation
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.shows.duties.models import DutyOutcome, DutyProgress
from app.features.shows.pledges import progress
from app.features.shows.pledges import service as pledges
from app.features.shows.pledges.calendar import quarter_of
from app.features.shows.pledges.models import PledgeProgress
from app.features.shows.pledges.rules import Ending
from app.features.wishes.models import Wish
from tests.browser.offline import until
from tests.features.shows.duties.makers import make_duty
from tests.features.shows.pledges.makers import make_draft
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import Person, Place
from tests.server import Server

T = TypeVar("T")
PLEDGE, OTHER_PLEDGE, DUTY = "信访件 5 个工作日内答复", "每月研读一部法规", "归档上年度文书档案"
LOOKS: Final[dict[str, dict[str, str]]] = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "large type": {"text": "large"},
    "English": {"lang": "en"},
}
STORED: Final = """async (store) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("sanliang");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const all = opening.result.transaction(store).objectStore(store).getAll();
        all.onsuccess = () => { opening.result.close(); resolve(all.result); };
    };
})"""
LISTS_OF: Final = (
    f"""async () => (await ({STORED})("meta")).some((kept) => kept?.taken_at && kept.member_id === "WHO")"""
)
NO_LISTS: Final = f"""async () => !(await ({STORED})("meta")).some((kept) => kept?.taken_at)"""


def on(server: Server, act: Callable[[Session], T]) -> T:
    """What ``act`` gives, done in one unit of work on the database of ``server``."""
    database = Database(f"sqlite:///{server.database}")
    try:
        with database.write() as session:
            return act(session)
    finally:
        database.close()


def pledges_of(server: Server, member: Person, officer: Person) -> list[UUID]:
    """Two approved pledges of this year."""

    def write(session: Session) -> list[UUID]:
        due_on = date(clock.today().year, 12, 31)
        for text in (PLEDGE, OTHER_PLEDGE):
            make_draft(session, member, text=text, due_on=due_on)
        ids = [review.id for review in pledges.submit(session, member.actor)]
        reviews.approve(session, officer.actor, ids)
        return ids

    return on(server, write)


def duty_of(server: Server, member: Person, matter: str = DUTY) -> UUID:
    """An open duty that is due in ten days."""
    due_on = clock.today() + timedelta(days=10)
    return on(server, lambda session: make_duty(session, member, matter=matter, due_on=due_on))


def collector_of(server: Server, branch_of: Person) -> Person:
    """Somebody who collects the wishes of a new community, in which the branch of ``branch_of`` leads."""

    def hire(session: Session) -> Person:
        branch = session.get_one(Organisation, branch_of.branch_id)
        community = make_community(session, Place(branch.id, branch.name, branch.kind), name=f"{branch.name}的社区")
        return make_collector(session, community)

    return on(server, hire)


def told(server: Server, pledge_id: UUID) -> list[tuple[str, str, int, str | None]]:
    """Id, state, quarter and sentence of every tap about a pledge."""
    statement = select(PledgeProgress).where(PledgeProgress.pledge_id == pledge_id).order_by(PledgeProgress.said_at)
    return on(
        server,
        lambda session: [(str(tap.id), tap.state.value, tap.quarter, tap.note) for tap in session.scalars(statement)],
    )


def ends(server: Server, duty_id: UUID) -> list[tuple[str, str]]:
    """Id and state of every reported end of a duty."""
    statement = select(Review).join(DutyOutcome, DutyOutcome.id == Review.id).where(DutyOutcome.duty_id == duty_id)
    return on(server, lambda session: [(str(one.id), one.status.value) for one in session.scalars(statement)])


def words_on(server: Server, duty_id: UUID) -> list[tuple[str, str | None]]:
    """State and sentence of every word on a duty."""
    statement = select(DutyProgress).where(DutyProgress.duty_id == duty_id).order_by(DutyProgress.said_at)
    return on(server, lambda session: [(word.state.value, word.note) for word in session.scalars(statement)])


def wishes_by(server: Server, collector: Person) -> list[tuple[str, str]]:
    """Title and state of every wish somebody has entered."""
    statement = select(Wish).where(Wish.entered_by_id == collector.id)
    return on(server, lambda session: [(wish.title, wish.status.value) for wish in session.scalars(statement)])


def evaluate(server: Server, member: Person, officer: Person, pledge_id: UUID, new_id: UUID) -> None:
    """Let it be decided that a pledge was kept, while a phone is away; its publicity is over."""

    def decide(session: Session) -> None:
        review = session.get_one(Review, pledge_id)
        review.decided_at = clock.now() - timedelta(days=30)
        session.flush()
        progress.report_outcome(session, member.actor, id=new_id, pledge_id=pledge_id, outcome=Ending.DONE)
        reviews.approve(session, officer.actor, [new_id])

    on(server, decide)


def this_quarter() -> int:
    """The quarter of today."""
    today = clock.today()
    return quarter_of(today, today.year)


def wait_for_lists(page: Page, person: Person) -> None:
    """Until the lists of ``person`` lie on the phone's disk."""
    until(page, LISTS_OF.replace("WHO", str(person.id)))


def stored(page: Page) -> str:
    """Everything the phone's database holds, as text."""
    return str([page.evaluate(STORED, store) for store in ("items", "sent", "meta")])


def opened(page: Page, part: str) -> Locator:
    """The part of the capture page for ``pledges``, ``duties`` or ``wish``, opened by its tab."""
    page.locator(f"capture-kinds [data-open={part}]").click()
    return page.locator(f"capture-kinds [data-part={part}]")


def line(part: Locator, title: str) -> Locator:
    """The card of one pledge or duty."""
    return part.locator("li", has_text=title)
