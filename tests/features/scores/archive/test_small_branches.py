"""Where a branch has no second officer somebody stands in, for papers and archives; the page of today says so."""

from datetime import date

import pytest

from app.core.holidays import Holiday, HolidayList
from app.core.workdays import DayKind
from app.features.members.models import RoleTerm
from app.features.members.rules import Role
from app.features.members.two_people import SamePersonError, Second
from app.features.scores.archive import service, signing
from app.features.scores.archive.above import queries as above
from app.features.scores.archive.models import Archiving
from app.features.scores.archive.rules import AboutOneselfError, SignatureWords
from tests.features.scores.archive.makers import YEAR, noon, signature_of, signed_by
from tests.makers import ENGLISH, as_member, make_branch, make_general_branch, make_member
from tests.page import page


@pytest.fixture
def quan(given, branch):
    """Whom the members' meeting has named."""
    return given(make_member, branch, "全明", roles=(Role.SUPERVISOR,))


@pytest.fixture
def sam_alone(asked, given, dora):
    """Dora holds no post any more: Sam is the only officer of the branch."""
    given(lambda session: session.query(RoleTerm).where(RoleTerm.member_id == dora.id).delete())


def text(client, person, address):
    answer = client.get(address, headers=ENGLISH | as_member(person))
    return answer.text if answer.status_code == 200 else answer.status_code


def confirm(client, person, address):
    return client.post(address, headers=as_member(person), data={"second": "confirm"}).status_code


def test_a_signed_paper_is_confirmed_by_whom_the_meeting_has_named(
    client, quan, asked, given, sam, dora, bob, carl, oscar
):
    given(signing.note_paper, sam.actor, signature_id=given(signature_of, bob).id, words="")
    address = f"/archive/signatures/{given(signature_of, bob).id}"
    for person in (quan, carl, oscar):  # Dora is there
        assert confirm(client, person, f"{address}/decide") == 404
    assert text(client, quan, address) == 404
    assert address not in text(client, quan, "/archive/2026")
    given(lambda session: session.query(RoleTerm).where(RoleTerm.member_id == dora.id).delete())
    assert address in text(client, quan, "/archive/2026")
    assert "Have you seen the paper" in text(client, quan, address)
    assert "Not signed" not in text(client, quan, address)
    assert confirm(client, oscar, f"{address}/decide") == 404
    with pytest.raises(SamePersonError):
        given(signing.decide_paper, sam.actor, signature_id=given(signature_of, bob).id, second=Second.CONFIRM)
    assert confirm(client, quan, f"{address}/decide") == 303
    assert given(signature_of, bob).confirmed_by_id == quan.id


def test_a_signed_paper_is_confirmed_from_above(client, sam_alone, given, quan, sam, bob, carl, oscar):
    given(signing.note_paper, sam.actor, signature_id=given(signature_of, bob).id, words="五月请过假")
    shown = text(client, carl, "/archive/above")
    assert [said in shown for said in (bob.name, "五月请过假", sam.name)] == [True, True, True]
    assert "of branches without another officer" in text(client, carl, "/")
    address = f"/archive/signatures/{given(signature_of, bob).id}"
    assert text(client, oscar, "/archive/above") == 403
    assert confirm(client, carl, f"{address}/decide") == 303
    assert given(signature_of, bob).confirmed_by_id == carl.id
    assert bob.name not in text(client, carl, "/archive/above")


def test_nobody_confirms_the_own_paper(quan, sam_alone, given, sam):
    own = given(signature_of, quan).id
    given(signing.note_paper, sam.actor, signature_id=own)
    with pytest.raises(AboutOneselfError):
        given(signing.decide_paper, quan.actor, signature_id=own, second=Second.CONFIRM)


def test_who_stands_in_hears_of_a_waiting_archive_and_only_then(client, quan, asked, given, sam, dora, alice, carl):
    given(signed_by, alice)
    given(service.propose, sam.actor, year=YEAR)
    assert "Sheets to archive" in text(client, dora, "/")
    for person in (quan, carl):
        assert "Sheets to archive" not in text(client, person, "/")
    given(lambda session: session.query(RoleTerm).where(RoleTerm.member_id == dora.id).delete())
    for person in (quan, carl):
        assert "Sheets to archive" in text(client, person, "/")
    with noon(2027, 5, 3):
        assert "Sheets to archive" not in text(client, quan, "/")  # out of season


def make_waiting(session, parent, name):
    """A branch with one officer who says that a sheet is archived."""
    place = make_branch(session, name, parent=parent)
    officer = make_member(session, place, f"{name}书记", roles=(Role.SECRETARY,))
    whom = make_member(session, place, f"{name}党员")
    session.add(Archiving(member_id=whom.id, branch_id=place.id, year=YEAR, entered_by_id=officer.id))
    session.flush()
    return whom


def test_what_waits_is_asked_within_reach_and_by_pages(client, settled, given, carl, committee, monkeypatch):
    general = given(make_general_branch, "机关党总支", committee)
    gina = given(make_member, given(make_branch, "家"), "吉娜", roles=(Role.COMMITTEE_OFFICER,), at=general)
    near, nearer = (given(make_waiting, general, name) for name in ("安", "白"))
    far = given(make_waiting, committee, "财")
    monkeypatch.setattr(above, "PAGE", 1)
    for name in ("_FIRST", "_NEXT"):
        monkeypatch.setattr(above, name, getattr(above, name).limit(2))

    def pages_of(person):
        address, seen = "/archive/above", []
        while address:
            shown = page(client.get(address, headers=ENGLISH | as_member(person)))
            seen.append([one.name for one in (near, nearer, far) if one.name in shown.get_text()])
            address = next((a["href"] for a in shown.select("main a[href*='after=']")), None)
        return seen

    assert pages_of(gina) == [[near.name], [nearer.name]]
    assert pages_of(carl) == [[near.name], [nearer.name], [far.name]]


def test_a_later_list_of_days_off_gives_more_days_to_sign_and_never_fewer(asked, given, alice, bob):
    given(lambda session: session.add(HolidayList(year=2027)))
    given(lambda session: session.add(Holiday(day=date(2027, 1, 25), year=2027, kind=DayKind.OFF)))
    given(signing.sign, bob.actor, year=YEAR, said=SignatureWords.AGREED)
    assert given(signing.move_later, None) == 3  # not Bob, who has signed
    assert given(signature_of, alice).due_on == date(2027, 1, 28)
    given(lambda session: session.query(Holiday).delete())
    assert given(signing.move_later, None) == 0
    assert given(signature_of, alice).due_on == date(2027, 1, 28)
