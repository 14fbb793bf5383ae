"""Who appoints and decides for whom, on the phone: in a branch of four and in one of fifty, without a dead end."""

from itertools import count

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import Database
from app.features.members.models import Organisation
from app.features.members.rules import OrganisationKind, Role
from tests.features.study.makers import make_study_record
from tests.makers import Place, make_branch, make_member

_numbers = count(1)


class Furnished:
    """A branch with its people on a server, and an officer of the committee above it."""

    def __init__(self, database: Database, size: int, **officers: Role) -> None:
        number = next(_numbers)
        with database.write() as session:
            self.branch = make_branch(session, f"走查第{number}党支部")
            root = session.scalars(select(Organisation).where(Organisation.kind == OrganisationKind.COMMITTEE)).one()
            above = Place(root.id, root.name, root.kind)
            self.people = {
                name: make_member(
                    session,
                    self.branch,
                    f"{name}{number}",
                    roles=roles,
                    phone=f"136{number:04}{place:04}",
                    member_number=f"W{number}-{place}",
                )
                for place, (name, roles) in enumerate(
                    [(name, (role,)) for name, role in officers.items()]
                    + [(f"党员{place}", ()) for place in range(size - len(officers))]
                )
            }
            self.carl = make_member(
                session,
                make_branch(session, f"机关第{number}党支部"),
                f"卡尔{number}",
                roles=(Role.COMMITTEE_OFFICER,),
                at=above,
                phone=f"1359{number:07}",
                member_number=f"WC{number}",
            )


@pytest.fixture
def furnish(own_server):
    """On a server of its own: what waits for the committee is counted."""
    database = Database(f"sqlite:///{own_server.database}")
    yield lambda size, **officers: (Furnished(database, size, **officers), database)
    database.close()


@pytest.fixture
def taken_out(pocket, own_server):
    return lambda person: pocket(person, own_server.url)


def fits(page: Page) -> None:
    """No page is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def approve(page: Page) -> None:
    page.goto("/approvals")
    fits(page)
    page.locator("#decide button[value=approve]").click()
    expect(page.locator("#message .message")).to_contain_text("已通过 1 条")


def give_post(page: Page, role: str) -> None:
    """Choose the post as a finger does, on its words, and say yes to the question."""
    page.locator("label", has=page.locator(f"input[name=role][value={role}]")).click()
    page.locator("form[action$='/posts'][method=post] button").last.click()
    page.locator("dialog[open] button[value=yes]").click()


def test_in_a_branch_of_four_the_committee_decides_for_the_only_officer(taken_out, furnish):
    four, database = furnish(4, 书记=Role.SECRETARY)
    secretary, member = four.people["书记"], four.people["党员0"]
    with database.write() as session:
        make_study_record(session, secretary, title="书记自学")
        make_study_record(session, member, title="党员自学")
    phone = taken_out(secretary)
    approve(phone)  # the member's; the own one is not offered
    expect(phone.locator("main")).to_contain_text("您本人")
    above = taken_out(four.carl)
    above.goto("/")
    expect(above.locator("main")).to_contain_text("待")
    approve(above)
    above.goto(f"/members/{member.id}/posts")
    fits(above)
    give_post(above, "deputy")
    expect(above.locator("#posts")).to_contain_text("副书记")


def test_in_a_branch_of_fifty_two_officers_appoint_a_third(taken_out, furnish):
    fifty, _database = furnish(50, 书记=Role.SECRETARY, 副书记=Role.DEPUTY)
    secretary, deputy, chosen = (fifty.people[name] for name in ("书记", "副书记", "党员7"))
    phone = taken_out(secretary)
    phone.goto("/members")
    fits(phone)
    phone.goto(f"/members/{chosen.id}/posts")
    give_post(phone, "organisation")
    expect(phone.locator("#posts")).to_contain_text("组织委员")
    phone.goto("/appointments")
    expect(phone.locator("button", has_text="确认")).to_have_count(0)  # who proposes does not confirm
    other = taken_out(deputy)
    other.goto("/appointments")
    fits(other)
    other.locator("form[action$='/confirm'] button").click()
    expect(other.locator("#appointments")).not_to_contain_text(chosen.name)
    other.goto(f"/members/{chosen.id}/posts")
    expect(other.locator("#posts")).to_contain_text("组织委员")
