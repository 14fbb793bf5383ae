"""What the audit log says of coming in and going out: who and on which device, never a password or an address."""

from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.sign_in.rules import HERE_LIMIT
from tests.features.sign_in.makers import make_device
from tests.makers import PASSWORD, as_member


def noted(database):
    with database.read() as session:
        return [(entry.action, entry.subject_id) for entry in session.query(AuditEntry).order_by(AuditEntry.id)]


def sign_in(client, person, password):
    client.cookies.clear()
    return client.post("/sign-in", data={"login": person.phone, "password": password}).status_code


def test_in_and_out(client, alice, database):
    assert sign_in(client, alice, PASSWORD) == 303
    client.post("/sign-out")
    client.post("/sign-out")
    assert noted(database) == [(AuditAction.SIGNED_IN, alice.id), (AuditAction.SIGNED_OUT, alice.id)]


def test_a_lock_is_noted_once_when_it_closes(client, alice, database):
    for _ in range(HERE_LIMIT.failures + 3):
        sign_in(client, alice, "not this one")
    expected = [AuditAction.SIGN_IN_FAILED] * HERE_LIMIT.failures + [AuditAction.SIGN_IN_LOCKED]
    assert noted(database) == [(action, alice.id) for action in expected]


def test_a_wrong_password_of_somebody_who_is_in_is_noted_too(client, alice, database):
    assert client.post("/confirm", headers=as_member(alice), data={"present": "not this one"}).status_code == 422
    assert noted(database) == [(AuditAction.SIGN_IN_FAILED, alice.id)]


def test_nobody_known_leaves_no_trace_of_what_was_typed(client, database):
    assert client.post("/sign-in", data={"login": "13999999999", "password": "not this one"}).status_code == 422
    assert noted(database) == [(AuditAction.SIGN_IN_FAILED, None)]
    with database.read() as session:
        entry = session.query(AuditEntry).one()
        assert (entry.subject, entry.changes, entry.actor_id) == ("", {}, None)


def test_a_device_signed_out_from_elsewhere(client, alice, given, database):
    here = {"Cookie": given(make_device, alice)}
    client.post(f"/me/devices/{alice.actor.session_id}/end", headers=here)
    client.post("/me/devices/end-others", headers=here)
    actions = [action for action, _subject in noted(database)]
    assert actions[-2:] == [AuditAction.DEVICE_SIGNED_OUT] * 2


def test_neither_password_nor_address_is_written(client, alice, database):
    sign_in(client, alice, "a-secret-typed-wrongly")
    sign_in(client, alice, PASSWORD)
    with database.read() as session:
        written = str([(entry.subject, entry.changes) for entry in session.query(AuditEntry)])
    for secret in ("a-secret", PASSWORD, "testclient", alice.phone):
        assert secret not in written
