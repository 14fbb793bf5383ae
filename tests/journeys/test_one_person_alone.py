"""Whatever one person does with every account that person can open: no own record is approved, nobody higher reached.

Sequences of acts are drawn at random and played through the services, each asked as the routes ask it. The person may
wait as well; whoever else exists does nothing and confirms nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError
from app.features.members import powers, reach, service
from app.features.members.actor import Actor
from app.features.members.exemptions import service as exemptions
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.posts import proposals
from app.features.members.posts import service as posts
from app.features.members.posts.models import PostProposal
from app.features.members.rules import ExemptionKind, MemberDetails, Permission, Role
from app.features.members.standing import Weight, weight_of
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.roster.importer import importer
from app.features.slips import queries as slip_queries
from app.features.slips import service as slips
from tests.features.members.makers import make_business_administrator
from tests.features.roster.makers import import_file, roster_file
from tests.features.study.makers import make_study_record
from tests.makers import Person, make_member

PERSONS = ("secretary", "deputy", "publicity", "committee officer", "business administrator", "member", "auditor")
START = datetime.fromisoformat("2026-03-09T02:00:00+00:00")
POSTS = {
    Role.SECRETARY: "支部书记",
    Role.DEPUTY: "副书记",
    Role.ORGANISATION: "组织委员",
    Role.PUBLICITY: "宣传委员",
}


@dataclass
class Game:
    """One person, the accounts that person has, and the slips in that person's drawer."""

    session: Session
    person: Person
    now: datetime = START
    accounts: set[UUID] = field(default_factory=set)
    codes: list[tuple[str, UUID]] = field(default_factory=list)
    number: int = 0

    def actor(self, member_id):
        """Somebody as the door would let them in."""
        held = powers.standing(self.session, member_id)
        if held is None:
            return None
        member = self.session.get_one(Member, member_id)
        return Actor(
            member_id=member.id,
            name=member.name,
            branch_id=held.branch_id,
            branch_name="",
            group_id=None,
            roles=held.roles,
            permissions=held.permissions,
            session_id=member.id,
            confirmed_at=self.now,
            is_demo=False,
            leads=held.leads,
        )

    def everybody(self):
        return sorted(self.session.query(Member.id).all())

    def pick(self, names, draw):
        return names[draw % len(names)][0] if names else None


def may(actor, *permissions):
    """What the door of a route asks."""
    return any(actor.may(permission) for permission in permissions)


def add(game, actor, draw, other):
    if may(actor, Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE):
        game.number += 1
        branch = game.pick(sorted(game.session.query(Organisation.id).where(Organisation.kind == "branch")), other)
        service.add_member(
            game.session, actor, branch_id=branch, details=MemberDetails(name="新人", phone=f"1380000{game.number:04}")
        )


def print_slip(game, actor, draw, other):
    if may(actor, Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT):
        holder = game.pick(game.everybody(), draw)
        printed = slips.print_slips(game.session, actor, member_ids=[holder])
        if isinstance(printed, slips.StillValid):  # asked for all the same, as the page then offers
            printed = slips.print_slips(game.session, actor, member_ids=[holder], replaces=set(printed.slips.values()))
        [printed] = printed
        game.codes.append((printed.code, holder))


def redeem(game, actor, draw, other):
    if game.codes:
        code, holder = game.codes[draw % len(game.codes)]
        slip = slip_queries.slip_with(game.session, code)
        if slip.used_at is None and slip.ended_at is None and slip.expires_at > game.now:
            slips.redeem(game.session, slip, holder_id=holder, password_hash="x" * 20)
            game.accounts.add(holder)


def take_over(game, actor, draw, other):
    print_slip(game, actor, draw, other)
    redeem(game, actor, len(game.codes) - 1, other)


def give(game, actor, draw, other):
    if may(actor, Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT):
        role = list(Role)[other % len(Role)]
        member = game.pick(game.everybody(), draw)
        posts.give_post(game.session, actor, member_id=member, role=role, starts_on=clock.today())


def end(game, actor, draw, other):
    if may(actor, Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT):
        terms = sorted(game.session.query(RoleTerm.id, RoleTerm.member_id).all())
        term_id, member_id = terms[draw % len(terms)]
        posts.end_post(game.session, actor, member_id=member_id, term_id=term_id)


def confirm(game, actor, draw, other):
    if found := sorted(game.session.query(PostProposal.id).all()):
        proposals.confirm(game.session, actor, proposal_id=game.pick(found, draw))


def by_file(game, actor, draw, other):
    member = game.session.get_one(Member, game.pick(game.everybody(), draw))
    branch = game.session.get_one(Organisation, member.branch_id)
    post = list(POSTS.values())[other % len(POSTS)]
    rows = roster_file((member.name, branch.name, member.phone or "", "", post, ""))
    import_file(game.session, rows, importer(actor))


def phone(game, actor, draw, other):
    if may(actor, Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE):
        member = reach.member(game.session, actor, game.pick(game.everybody(), draw))
        game.number += 1
        details = MemberDetails(name=member.name, phone=f"1370000{game.number:04}")
        service.change_member(game.session, actor, member_id=member.id, details=details, sent={"phone"})


def exempt(game, actor, draw, other):
    if may(actor, Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT):
        member = game.pick(game.everybody(), draw)
        asked = {"kind": ExemptionKind.AGE, "starts_on": clock.today()}
        exemptions.exempt_member(game.session, actor, member_id=member, **asked)


def move(game, actor, draw, other):
    if may(actor, Permission.MANAGE_ALL_PEOPLE):
        branch = game.pick(sorted(game.session.query(Organisation.id).where(Organisation.kind == "branch")), other)
        service.move_member(game.session, actor, member_id=game.pick(game.everybody(), draw), branch_id=branch)


def depart(game, actor, draw, other):
    if may(actor, Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE):
        member = game.pick(game.everybody(), draw)
        service.record_departure(game.session, actor, member_id=member, left_on=clock.today())


def record(game, actor, draw, other):
    make_study_record(game.session, game.person, title=f"第{draw % 5}章", received_at=game.now, occurred_at=game.now)


def decide(game, actor, draw, other):
    """After every act each account tries to decide on everything that waits."""
    if may(actor, Permission.APPROVE, Permission.STAND_IN):
        for (name,) in game.session.query(Review.id).where(Review.status == ReviewStatus.PENDING).all():
            attempt(game, lambda name=name: reviews.approve(game.session, actor, [name], acknowledged=True))


def wait(game, actor, draw, other):
    game.now += timedelta(days=1 + draw % 13)


ACTS = (
    add,
    print_slip,
    redeem,
    take_over,
    take_over,
    give,
    give,
    give,
    end,
    confirm,
    confirm,
    by_file,
    phone,
    exempt,
    move,
    depart,
    record,
    wait,
)
MOVES = st.tuples(st.sampled_from(ACTS), st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))


def attempt(game, act):
    """One act, undone when it is refused, as a route does it."""
    try:
        with game.session.begin_nested():
            act()
            game.session.flush()
    except AppError:
        pass


def make_person(session, people, kind):
    """The person, as an officer or an administrator of branch one."""
    branch, committee = people.branch, people.committee
    make_business_administrator(session, people.other_branch, committee, "毕外")
    match kind:
        case "secretary":
            return people.sam
        case "deputy":
            return people.dora
        case "member":
            return people.alice
        case "publicity":
            return make_member(session, branch, "宣传", roles=(Role.PUBLICITY,))
        case "committee officer":
            return make_member(session, branch, "柯娜", roles=(Role.COMMITTEE_OFFICER,), at=committee)
        case "auditor":
            return make_member(session, branch, "审计", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)
        case _:
            return make_business_administrator(session, branch, committee)


def play(session, people, kind, moves):
    person = make_person(session, people, kind)
    at_first = weight_of(powers.posts_ahead(session, [person.id])[person.id])
    game = Game(session, person, accounts={person.id})
    with clock.standing_at(game.now):
        record(game, None, 0, 0)
    for act, who, draw, other in moves:
        with clock.standing_at(game.now):
            names = sorted(game.accounts)
            actor = game.actor(names[who % len(names)])
            if actor is not None:
                attempt(game, lambda act=act, actor=actor: act(game, actor, draw, other))  # noqa: B023
            for name in sorted(game.accounts):
                if (own := game.actor(name)) is not None:
                    decide(game, own, 0, 0)
            check(game, at_first)


def check(game, at_first):
    """No second voice: no own record is approved, and nobody of equal or higher standing is in the person's hands."""
    own = (Review.member_id == game.person.id) | (Review.recorded_by_id == game.person.id)
    approved = game.session.query(Review).where(own, Review.status == ReviewStatus.APPROVED).count()
    assert approved == 0, "an own record was approved"
    held = powers.posts_ahead(game.session, game.accounts)
    for member_id, roles in held.items():
        if member_id == game.person.id:
            assert weight_of(roles) <= at_first, "the person rose"
            continue
        assert weight_of(roles) <= Weight.LEADS, "a post above the branches is in the person's hands"
        home = game.session.get_one(Member, member_id).branch_id
        assert home != game.person.branch_id or weight_of(roles) is Weight.LIGHT, "somebody beside the person is theirs"


@pytest.fixture
def engine_kind():
    """One engine: what is asked here is asked before the database."""
    return "sqlite"


@pytest.mark.parametrize("kind", PERSONS)
def test_one_person_alone_never_has_two_voices(database, engines, kind):
    people = engines.get("sqlite")[1]

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @examples(st.lists(MOVES, max_size=25))
    def alone(moves):
        with database.write() as session:
            play(session, people, kind, moves)
            session.rollback()  # nothing of an example stays

    alone()


def scripted(database, people, kind, script):
    """A known attack, act by act; each line is (act, whose account, about whom, what else)."""
    with database.write() as session:
        person = make_person(session, people, kind)
        game = Game(session, person, accounts={person.id})
        with clock.standing_at(game.now):
            record(game, None, 0, 0)
            script(game)
            check(game, weight_of(powers.posts_ahead(session, [person.id])[person.id]))
        session.rollback()


def test_a_secretary_with_an_invented_member(database, engines):
    """Add somebody, propose the post, open the account, confirm with it, decide with it."""

    def script(game):
        me = game.actor(game.person.id)
        attempt(game, lambda: add(game, me, 0, 0))
        invented = game.session.query(Member.id).where(Member.name == "新人").scalar()
        if invented is None:
            details = MemberDetails(name="新人", phone="13800009999")
            invented = service.add_member(game.session, me, branch_id=me.branch_id, details=details).id
        [printed] = slips.print_slips(game.session, me, member_ids=[invented])
        slip = slip_queries.slip_with(game.session, printed.code)
        slips.redeem(game.session, slip, holder_id=invented, password_hash="x" * 20)
        game.accounts.add(invented)
        attempt(
            game,
            lambda: posts.give_post(game.session, me, member_id=invented, role=Role.DEPUTY, starts_on=clock.today()),
        )
        attempt(game, lambda: confirm(game, game.actor(invented), 0, 0))
        attempt(game, lambda: confirm(game, me, 0, 0))
        decide(game, game.actor(invented), 0, 0)

    scripted(database, engines.get("sqlite")[1], "secretary", script)


def test_an_administrator_with_the_other_branch_s_secretary(database, engines):
    """The slip of a secretary elsewhere opens an account; it is no second person for the own branch."""

    def script(game):
        me = game.actor(game.person.id)
        secretary = game.session.query(Member.id).where(Member.name == "殷世安").scalar()
        [printed] = slips.print_slips(game.session, me, member_ids=[secretary])
        slip = slip_queries.slip_with(game.session, printed.code)
        slips.redeem(game.session, slip, holder_id=secretary, password_hash="x" * 20)
        alice = game.session.query(Member.id).where(Member.name == "艾莉").scalar()
        attempt(
            game, lambda: posts.give_post(game.session, me, member_id=alice, role=Role.DEPUTY, starts_on=clock.today())
        )
        attempt(game, lambda: confirm(game, game.actor(secretary), 0, 0))
        game.accounts.add(secretary)
        for name in sorted(game.accounts):
            decide(game, game.actor(name), 0, 0)
        assert game.session.query(RoleTerm).where(RoleTerm.member_id == alice).count() == 0

    scripted(database, engines.get("sqlite")[1], "business administrator", script)
