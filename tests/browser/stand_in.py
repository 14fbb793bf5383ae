"""People with the demo's phone numbers and password, until ``sanliang demo`` is there."""

from app.core import passwords
from app.core.db import Database
from app.features.members.models import Member
from app.features.members.rules import Role
from app.features.sign_in.models import Credential
from tests.browser import helpers
from tests.makers import make_branch, make_committee, make_group, make_member
from tests.schema import create_schema
from tests.server import Server


def furnish(server: Server) -> None:
    server.folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{server.database}"
    create_schema(url)
    database = Database(url)
    with database.write() as session:
        committee = make_committee(session)
        first, second = (make_branch(session, name, parent=committee) for name in ("第一党支部", "第二党支部"))
        group = make_group(session, first)
        make_member(session, first, "沈山", roles=(Role.SECRETARY,), phone=helpers.SECRETARY)
        make_member(session, first, "窦兰", roles=(Role.DEPUTY,), phone=helpers.DEPUTY)
        make_member(session, first, "艾莉", group=group, phone=helpers.MEMBER)
        make_member(session, first, "包波", group=group, phone=helpers.OTHER_MEMBER)
        make_member(session, second, "殷世安", roles=(Role.SECRETARY,), phone=helpers.OTHER_SECRETARY)
        session.query(Credential).update({Credential.password_hash: passwords.hash_password(helpers.DEMO_PASSWORD)})
        assert session.query(Member).count() == 5
    database.close()
