"""What is kept of somebody who left has an end: the person goes, the facts stay."""

import io
from datetime import timedelta

import time_machine
from PIL import Image
from sqlalchemy import select, text, update

from app.core import clock
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction
from app.sweep import STEPS
from tests.makers import as_member

PERSONAL = {
    "credentials": "member_id",
    "former_passwords": "member_id",
    "known_devices": "member_id",
    "second_factors": "member_id",
    "recovery_codes": "member_id",
    "sessions": "member_id",
    "card_photos": "member_id",
    "card_identities": "member_id",
}


def swept(database, days):
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        for step in STEPS:
            if step.erases:
                step.work(database, clock.now())


def kept(database, person):
    """The tables in which something personal of ``person`` is kept, and what of the roster."""
    with database.read() as session:
        tables = {
            table
            for table, column in PERSONAL.items()
            if session.scalar(text(f"SELECT count(*) FROM {table} WHERE {column} = :id"), {"id": _id(database, person)})
        }
        row = session.scalars(select(Member).where(Member.id == person.id)).one()
        return tables, (row.name, row.phone, row.born, row.note, row.post)


def _id(database, person):
    return person.id.hex if database.is_sqlite else person.id


def test_a_year_after_leaving_the_person_goes_and_the_name_stays(client, database, alice, given):
    picture = io.BytesIO()
    Image.new("RGB", (400, 400), "green").save(picture, "PNG")
    client.post(
        f"/shows/members/{alice.id}/photo", files={"photo": ("a.png", picture.getvalue())}, headers=as_member(alice)
    )
    client.post(f"/shows/members/{alice.id}/identity", data={"motto": "先做好一件小事"}, headers=as_member(alice))
    given(
        lambda session: session.execute(
            update(Member).where(Member.id == alice.id).values(born="1990-01", note="党员之家", left_on=clock.today())
        )
    )
    for days in (1, 364):
        swept(database, days)
        tables, row = kept(database, alice)
        assert tables >= {"credentials", "card_photos", "card_identities"}
        assert row == (alice.name, alice.phone, "1990-01", "党员之家", row[4])
    swept(database, 2000)
    assert kept(database, alice) == (set(), (alice.name, None, None, None, None))
    with database.read() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.LEAVER_FORGOTTEN)).all()
    swept(database, 2001)
    assert [entry.subject_id for entry in told] == [alice.id]


def test_who_is_here_keeps_everything(database, alice, bob):
    before = kept(database, bob)
    swept(database, 2000)
    tables, row = kept(database, bob)
    assert row == before[1]
    assert "credentials" in tables
