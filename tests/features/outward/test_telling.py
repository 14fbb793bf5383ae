"""The polite engine outside: whoever wants it hears seldom, by day, and only while there is something to do."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from app.core import clock, sealing
from app.features.home import system
from app.features.members.models import Member
from app.features.notices.models import RaisedReminder
from app.features.notices.rules import ReminderState
from app.features.outward import queries, service, telling
from app.features.outward.models import NoticeChannel, OutwardNotice
from app.features.outward.rules import LOST_AFTER, ChannelKind, ChannelState, Delivered, NoticeState, ServiceAnswer
from tests.features.notices.makers import make_reminder
from tests.features.outward.makers import MONDAY, TAKEN, make_channel

REFUSED = Delivered(ServiceAnswer.REFUSED, "HTTP 503")
HOUR = timedelta(hours=1)


@pytest.fixture
def tell(database, carrier):
    """A sweep at this moment; gives how many notices were handed over."""

    def run(now=MONDAY):
        with time_machine.travel(now, tick=False):
            return telling.tell(database)

    return run


@pytest.fixture
def due(given):
    """Something is due for a person since ``at``."""

    def make(person, at=MONDAY, **values):
        subject = given(make_reminder, person, **values)
        given(lambda session: session.execute(update(RaisedReminder).values(raised_at=at)))
        return subject

    return make


def states(database):
    with database.read() as session:
        return list(session.scalars(select(OutwardNotice.state).order_by(OutwardNotice.begun_at, OutwardNotice.id)))


def state_of(database, channel):
    with database.read() as session:
        return session.get_one(NoticeChannel, channel.id).state


def test_alice_hears_once_in_three_days_however_much_is_due(given, alice, due, tell, carrier, database):
    given(make_channel, alice)
    due(alice)
    due(alice, title="第二件")
    assert [tell(), tell(MONDAY + HOUR)] == [1, 0]
    due(alice, MONDAY + timedelta(days=1))
    assert tell(MONDAY + timedelta(days=2)) == 0
    assert tell(MONDAY + timedelta(days=3)) == 1
    assert carrier.told == ["ai.li", "ai.li"]
    assert states(database) == [NoticeState.SENT, NoticeState.SENT]
    assert all("第二件" not in order["text"] and alice.name not in order["text"] for order in carrier.orders)


def test_each_way_by_itself_and_each_person_in_the_own_language(given, alice, bob, due, tell, carrier):
    given(make_channel, alice)
    given(make_channel, alice, ChannelKind.MAIL, to="ai@example.org")
    given(make_channel, bob, to="bao.bo", language="en")
    due(alice)
    due(bob)
    assert tell() == 3
    assert carrier.told == ["ai@example.org", "ai.li", "bao.bo"]
    assert carrier.orders[2]["text"].startswith("Sanliang: you have something to do.")


@pytest.mark.parametrize(
    "hours", [10, 22, 23 + 5 * 24, 5 * 24 + 1], ids=["at eight in the evening", "before eight", "Sunday", "Saturday"]
)
def test_nothing_goes_out_at_night_or_on_free_days(given, alice, due, tell, carrier, hours):
    given(make_channel, alice)
    due(alice)
    late = {22: -3}.get(hours, hours)
    assert tell(MONDAY + timedelta(hours=late)) == 0
    assert carrier.orders == []


def test_a_long_run_ends_where_the_quiet_hours_begin(given, alice, bob, due, carrier, database):
    for person in (alice, bob):
        given(make_channel, person, to=person.phone)
        due(person)
    with time_machine.travel(MONDAY + timedelta(hours=9, minutes=55), tick=False) as moment:
        carrier.while_away = lambda: moment.shift(timedelta(minutes=10))
        assert telling.tell(database) == 1
    assert len(carrier.orders) == 1


def test_what_is_being_sent_late_in_a_long_run_is_not_lost(given, alice, bob, due, carrier, database):
    for person in (alice, bob):
        given(make_channel, person, to=person.phone)
        due(person)
    with time_machine.travel(MONDAY, tick=False) as moment:

        def another_sweeps_and_it_takes_long():
            given(telling.settle_lost, clock.now())
            moment.shift(LOST_AFTER + timedelta(minutes=1))

        carrier.while_away = another_sweeps_and_it_takes_long
        assert telling.tell(database) == 2
    assert states(database) == [NoticeState.SENT] * 2


@pytest.mark.parametrize("state", [s for s in ChannelState if s not in {ChannelState.ON, ChannelState.ENDED}])
def test_only_on_a_way_that_is_on(given, alice, due, tell, state):
    given(make_channel, alice, state=state, code_until=MONDAY if state is ChannelState.UNPROVEN else None)
    due(alice)
    assert tell() == 0


@pytest.mark.parametrize("state", [s for s in ReminderState if s is not ReminderState.SHOWN])
def test_what_is_read_silenced_or_settled_is_not_said_outside(given, alice, due, tell, state):
    given(make_channel, alice)
    due(alice, state=state)
    assert tell() == 0


def test_what_no_longer_matters_and_who_has_left_is_left_alone(given, alice, bob, due, tell, database):
    given(make_channel, alice)
    way = given(make_channel, bob, to="bao.bo")
    due(alice, until=MONDAY.date() - timedelta(days=1))
    due(bob)
    given(lambda session: session.execute(update(Member).where(Member.id == bob.id).values(left_on=MONDAY.date())))
    assert tell() == 0
    given(service.forget, MONDAY)  # the sweep erases where bob was reminded
    with database.read() as session:
        assert session.get(NoticeChannel, way.id) is None


def test_a_way_that_the_installation_takes_back_is_not_taken(given, alice, due, tell, config):
    given(make_channel, alice)
    due(alice)
    config(notices="mail")
    assert tell() == 0
    config(wecom_app="")
    assert tell() == 0


def test_a_no_is_tried_again_later_and_later_and_that_ends(given, alice, due, tell, carrier, database):
    given(make_channel, alice)
    due(alice)
    carrier.answers = [REFUSED] * 9
    assert tell() == 0
    assert tell(MONDAY + HOUR - timedelta(seconds=1)) == 0
    assert len(carrier.orders) == 1
    tell(MONDAY + HOUR)
    tell(MONDAY + 4 * HOUR)
    assert len(carrier.orders) == 3
    assert states(database) == [NoticeState.WAITING]
    tell(MONDAY + timedelta(days=1, minutes=1))  # nine hours later it was night; now it is too old
    assert (len(carrier.orders), states(database)) == (3, [NoticeState.GIVEN_UP])


def test_the_second_attempt_arrives(given, alice, due, tell, carrier, database):
    given(make_channel, alice)
    due(alice)
    carrier.answers = [REFUSED, TAKEN]
    assert [tell(), tell(MONDAY + HOUR), tell(MONDAY + 2 * HOUR)] == [0, 1, 0]
    with database.read() as session:
        notice = session.scalars(select(OutwardNotice)).one()
    assert (notice.state, notice.attempts, notice.next_at) == (NoticeState.SENT, 2, None)


def test_a_service_that_wants_to_be_left_alone_is(given, alice, due, tell, carrier):
    given(make_channel, alice)
    due(alice)
    carrier.answers = [Delivered(ServiceAnswer.REFUSED, "HTTP 429", 3 * HOUR)]
    assert [tell(), tell(MONDAY + 2 * HOUR), tell(MONDAY + 3 * HOUR)] == [0, 0, 1]


def test_what_was_done_meanwhile_is_not_said_any_more(given, alice, due, tell, carrier, database):
    given(make_channel, alice)
    due(alice)
    carrier.answers = [REFUSED]
    tell()
    given(lambda session: session.execute(update(RaisedReminder).values(state=ReminderState.SETTLED)))
    assert tell(MONDAY + HOUR) == 0
    assert (len(carrier.orders), states(database)) == (1, [NoticeState.DROPPED])


def test_no_answer_is_never_repeated(given, alice, due, tell, carrier, database):
    given(make_channel, alice)
    due(alice)
    carrier.answers = [Delivered(ServiceAnswer.UNKNOWN, "ReadTimeout")]
    assert [tell(), tell(MONDAY + 2 * HOUR), tell(MONDAY + 9 * HOUR)] == [0, 0, 0]
    assert (len(carrier.orders), states(database)) == (1, [NoticeState.UNKNOWN])


def test_a_browser_that_is_gone_is_forgotten_and_another_address_waits_for_its_person(
    given, alice, due, tell, carrier, database
):
    browser = given(make_channel, alice, ChannelKind.PUSH, to="{}")
    mail = given(make_channel, alice, ChannelKind.MAIL, to="ai@example.org")
    due(alice)
    carrier.answers = [
        Delivered(ServiceAnswer.NO_SUCH_ADDRESS, "HTTP 410"),
        Delivered(ServiceAnswer.NO_SUCH_ADDRESS, "SMTP 550"),
    ]
    assert tell() == 0
    assert state_of(database, browser) is ChannelState.ENDED
    assert state_of(database, mail) is ChannelState.BROKEN
    with database.read() as session:
        assert session.get_one(NoticeChannel, browser.id).sealed is None


def test_a_service_that_is_down_is_left_alone_after_three_and_holds_up_no_other(
    given, branch, due, tell, carrier, caplog, people_of
):
    for person in people_of(5):
        given(make_channel, person, ChannelKind.MAIL, to=f"{person.phone}@example.org")
        given(make_channel, person, to=person.phone)
        due(person)
    carrier.answers = [Delivered(ServiceAnswer.UNREACHABLE, "ConnectTimeout")] * 3
    assert tell() == 5
    assert [order["kind"] for order in carrier.orders] == ["mail"] * 3 + ["wecom"] * 5
    assert "notices do not go out (mail): ConnectTimeout" in caplog.text


@pytest.fixture
def people_of(given, branch):
    from tests.makers import make_member

    return lambda number: [given(make_member, branch, f"王{number}") for number in range(number)]


def test_nothing_is_held_while_it_is_carried(given, alice, due, tell, carrier, database):
    """Another one writes meanwhile; on SQLite there is one writer."""
    given(make_channel, alice)
    due(alice)
    with database.read() as session:
        before = session.scalar(select(func.count()).select_from(RaisedReminder))

    def write():
        with database.write(patience=0.2) as session:
            assert session.scalar(select(OutwardNotice.state)) is NoticeState.UNDERWAY
        given(make_reminder, alice, "另一件")

    carrier.while_away = write
    assert (tell(), before) == (1, 1)


def test_without_the_key_nothing_is_sent_and_the_sweep_goes_on(given, alice, due, tell, carrier, caplog, monkeypatch):
    given(make_channel, alice)
    due(alice)

    def missing():
        raise sealing.KeyMissingError

    monkeypatch.setattr(service, "sealer", missing)
    assert (tell(), carrier.orders) == (0, [])
    assert "no notices were sent (wecom): key_missing" in caplog.text
    monkeypatch.undo()


def test_one_address_that_does_not_open_holds_up_nobody(given, alice, bob, due, tell, database, carrier):
    spoilt = given(make_channel, alice, sealed="gAAAAA", key_id="another")
    given(make_channel, bob, to="bao.bo")
    due(alice)
    due(bob)
    assert (tell(), carrier.told) == (1, ["bao.bo"])
    assert state_of(database, spoilt) is ChannelState.BROKEN


def test_after_sixty_days_it_is_forgotten_and_so_are_ways_that_ended(given, alice, due, tell, database):
    given(make_channel, alice)
    due(alice)
    tell()
    given(lambda session: service.end(session, alice.actor, channel_id=session.scalar(select(NoticeChannel.id))))
    assert given(service.forget, MONDAY + timedelta(days=60)) == 0
    assert given(service.forget, MONDAY + timedelta(days=60, seconds=1)) == 1
    with database.read() as session:
        assert session.scalars(select(NoticeChannel)).all() == []


@pytest.mark.usefixtures("english")
def test_the_system_administrator_sees_how_each_way_stands(given, alice, due, tell, carrier, config, database):
    def lines():
        with database.read() as session:
            return {one.kind: one for one in queries.standing(session, MONDAY + HOUR)}

    given(make_channel, alice)
    due(alice)
    assert lines()[ChannelKind.WECOM].is_well
    carrier.answers = [Delivered(ServiceAnswer.REFUSED, "code 60020"), TAKEN]
    tell()
    assert lines()[ChannelKind.WECOM][2:] == (None, ServiceAnswer.REFUSED, "code 60020")
    line = system._way_out(lines()[ChannelKind.WECOM])
    assert (line.label, line.chip, line.is_well) == ("Reminders outside: WeCom", "does not go out", False)
    assert line.todo.startswith("The service said: code 60020. Look whether")
    tell(MONDAY + HOUR)
    assert lines()[ChannelKind.WECOM][2:] == (MONDAY + HOUR, None, "")
    config(mail_server="")
    line = system._way_out(lines()[ChannelKind.MAIL])
    assert (line.chip, line.todo[-20:]) == ("not set up", "SANLIANG_MAIL_SERVER")


def test_a_wrong_address_of_one_person_is_no_fault_of_the_way(given, alice, due, tell, carrier, database):
    given(make_channel, alice)
    due(alice)
    carrier.answers = [Delivered(ServiceAnswer.NO_SUCH_ADDRESS, "code 81013")]
    tell()
    with database.read() as session:
        assert all(one.is_well for one in queries.standing(session, MONDAY + HOUR))
