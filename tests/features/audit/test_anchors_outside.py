"""What was printed, mailed or filed before finds a history that was written anew from inside."""

import json
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.core import clock, opening
from app.core.chain import Head
from app.core.ids import new_id
from app.core.settings import Settings
from app.features.audit import commands, day_anchors, seals, sending, verification
from app.features.ledger import anchors, service
from app.features.members.rules import Role
from tests.features.audit.rewriting import rewrite_ledger, without_triggers
from tests.features.ledger.makers import new_fact
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page
from tests.postbox import postbox

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def config(database, monkeypatch, tmp_path):
    """The installation writes into a directory; ``config(**more)`` says otherwise."""
    address = database.url.render_as_string(hide_password=False)

    def say(**values):
        said = Settings(**{"database_url": address, "heads_directory": tmp_path, **values})
        monkeypatch.setattr(opening, "settings", lambda: said)
        monkeypatch.setattr(sending, "settings", lambda: said)
        return said

    say()
    return say


@pytest.fixture
def run(config):
    return lambda *words: CliRunner().invoke(commands.ledger_app, words)


@pytest.fixture
def history(given, alice, olga):
    """Three rows of the first branch, one of the second."""
    return given(service.append, [new_fact(person) for person in (alice, alice, olga, alice)])


@pytest.fixture
def aud(given, branch, committee):
    return given(make_member, branch, "敖迪", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)


def sent(database, days=0):
    now = clock.now() + timedelta(days=days)
    with time_machine.travel(now, tick=False):
        return sending.send_daily(database, now)


def head_of(database, branch):
    with database.read() as session:
        return anchors.head_of(session, branch.id)


def lines(done):
    return done.stdout.splitlines()


@pytest.mark.parametrize("form", ["short", "whole", "with the branch named", "of the day", "file"])
def test_a_chain_written_anew_is_found_by_whatever_was_kept(
    run, database, history, branch, alice, tmp_path, monkeypatch, form
):
    """Triggers dropped, a fact taken out, another put in, all numbered and hashed anew: from inside all is well."""
    assert sent(database) == 2
    [file] = tmp_path.iterdir()
    head, digest = head_of(database, branch), json.loads(file.read_text())["digest"]
    typed = {
        "short": [head.short],
        "whole": [head.whole],
        "with the branch named": [head.short, "--branch", branch.name],
        "of the day": [digest[:20]],
        "file": [str(file)],
    }[form]
    assert run("verify", "--against", *typed).exit_code == 0
    rewrite_ledger(database, branch.id, drop=2, add=new_fact(alice))
    said = {
        "short": f"Compared: No chain has or had this row: {head.digest[:20]}.",
        "whole": f"Compared: No chain has or had this row: {head.digest}.",
    }.get(form, "第一党支部: Row 3 is not the one that stood there; the first difference lies after row 0.")
    done = run("verify", "--against", *typed)
    assert done.exit_code == 1
    assert said in lines(done)
    without_triggers(database, "DELETE FROM day_anchors")
    assert run("verify").exit_code == 0  # nothing inside knows of it any more
    done = run("verify", "--against", *typed)
    assert done.exit_code == 1
    if form != "of the day":  # that needs the other half of what was kept
        assert said in lines(done)


def test_a_tail_that_was_cut_and_a_branch_that_is_gone_are_named(
    run, database, history, branch, other_branch, tmp_path
):
    sent(database)
    [file] = tmp_path.iterdir()
    rewrite_ledger(database, branch.id, drop=3)
    without_triggers(database, "DELETE FROM day_anchors", "DELETE FROM totals WHERE count = 1")
    without_triggers(
        database,
        *(f"DELETE FROM {table} WHERE branch_id = :branch" for table in ("facts", "ledger_heads")),
        branch=other_branch.id,
    )
    done = run("verify", "--against", str(file))
    assert done.exit_code == 1
    assert {
        "第一党支部: The chain ends at row 2 now; it had row 3. Row 3 is the first one missing.",
        "第二党支部: The chain ends at row 0 now; it had row 1. Row 1 is the first one missing.",
    } <= set(lines(done))


def test_the_daily_verification_compares_with_what_was_kept_days_before(
    database, given, history, branch, alice, caplog
):
    sent(database)
    given(service.append, [new_fact(alice)])
    assert sent(database, days=1) == 2
    rewrite_ledger(database, branch.id, drop=4, add=new_fact(alice))
    with database.snapshot() as session:
        [difference] = verification.verify(session).differences
    assert (difference.known.chain, difference.known.seq, difference.proved) == ("第一党支部", 4, 3)
    verification.verify_daily(database, clock.now())
    assert "not as it was written" in caplog.text


def test_twice_a_day_is_once_and_each_day_keeps_what_moved(database, given, history, config, branch, olga, tmp_path):
    with time_machine.travel("2026-11-29T03:00:00Z", tick=False):
        assert [sent(database), sent(database)] == [2, 0]
    with time_machine.travel("2026-11-30T03:00:00Z", tick=False):
        given(service.append, [new_fact(olga)])
        given(seals.seal)
        assert sent(database) == 2
    with time_machine.travel("2026-12-01T03:00:00Z", tick=False):
        assert sent(database) == 2
    with database.read() as session:
        moved = session.scalars(text("SELECT moved FROM day_anchors ORDER BY day")).all()
        kept = list(day_anchors.compared(session))
        [last, *_earlier] = day_anchors.listed(session)
        assert day_anchors.last(session) == day_anchors.of_digest(session, last.digest[:20])
        assert day_anchors.last(session).ends == day_anchors.of_now(session, clock.now()).ends
    said = [json.loads(one) if isinstance(one, str) else one for one in moved]
    assert [len(one) for one in said] == [2, 1, 2]  # the month begins anew
    assert sorted(anchor.at.month for anchor in kept) == [11, 12]
    assert len(list(tmp_path.iterdir())) == 3
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text("UPDATE day_anchors SET digest = digest"))


def test_a_file_that_was_changed_is_no_proof(run, database, history, tmp_path):
    sent(database)
    [file] = tmp_path.iterdir()
    file.write_text(file.read_text().replace('"seq": 3', '"seq": 2'))
    done = run("verify", "--against", str(file))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "was changed after it was written" in " ".join(done.stderr.split())


def test_heads_are_printed_and_written(run, database, history, branch, tmp_path):
    with time_machine.travel(clock.now(), tick=False):
        printed = run("heads").stdout
        written = run("heads", "--into", str(tmp_path)).stdout.strip()
        assert Path(written).read_text() == run("heads", "--json").stdout
    assert head_of(database, branch).short in printed
    kept = tmp_path / "kept.txt"
    kept.write_text(printed)
    for file in (str(kept), written):
        assert run("verify", "--against", file).exit_code == 0


@pytest.fixture(name="postbox")
def box():
    with postbox() as server:
        yield server


def test_the_mail_carries_digest_and_file_once_a_day(run, database, history, config, postbox, tmp_path):
    server = postbox.address
    config(heads_directory=None, mail_server=server, heads_mail="dana@example.org, archive@example.org")
    assert [sent(database), sent(database)] == [2, 0]
    [letter] = postbox.letters
    assert letter["To"] == "dana@example.org, archive@example.org"
    [attached] = letter.iter_attachments()
    file = tmp_path / attached.get_filename()
    file.write_text(
        attached.get_content() if isinstance(attached.get_content(), str) else attached.get_content().decode()
    )
    assert re.search(r"([0-9a-f]{4}-){4}[0-9a-f]{4}", letter["Subject"])[0].replace("-", "") in file.read_text()
    assert run("verify", "--against", str(file)).exit_code == 0


def test_a_receiver_who_is_refused_is_said_though_another_one_has_it(database, history, config, postbox, caplog):
    server = postbox.address
    config(heads_directory=None, mail_server=server, heads_mail="dana@example.org, nobody@example.org")
    sent(database)
    assert len(postbox.letters) == 1
    assert "did not go out (heads by mail): SMTPRecipientsRefused" in caplog.text


def test_half_a_file_is_not_taken_for_sent(run, database, history, tmp_path, caplog):
    with database.read() as session:
        anchor = day_anchors.of_now(session, clock.now())
        content = day_anchors.as_file(anchor, day_anchors.names(session))
    there = tmp_path / anchor.file_name
    there.write_text(content[:99])
    done = run("heads", "--into", str(tmp_path))
    assert (done.exit_code, done.stdout) == (2, "")
    sent(database)
    assert "did not go out (heads in a file)" in caplog.text
    assert there.read_text() == content[:99]
    there.write_text(content.replace("第一党支部", "一支部"))  # called otherwise then, with the same ends
    assert run("heads", "--into", str(tmp_path)).exit_code == 0
    there.unlink()
    sent(database)
    assert [one.name for one in tmp_path.iterdir()] == [anchor.file_name]


def test_what_is_typed_is_read_as_it_is_typed_and_a_strange_head_says_so(run, database, history, branch, tmp_path):
    head = head_of(database, branch)
    assert run("verify", "--against", head.short.replace(":", "：")).exit_code == 0
    strange = "look at it once more"
    wrong = head.short[:-1] + ("0" if head.short[-1] != "0" else "1")
    done = run("verify", "--against", wrong)
    assert (done.exit_code, strange in done.stdout) == (1, True)
    for typed in (head.short[:-5], str(tmp_path), "9" * 400, "\x00"):
        assert run("verify", "--against", typed).exit_code == 2
    others = day_anchors.Anchor(clock.now(), {str(new_id()): Head(3, "ab" * 32), str(new_id()): Head(7, "cd" * 32)})
    file = tmp_path / others.file_name
    file.write_bytes(day_anchors.as_file(others, {}).replace('"seq": 3', '"seq": 9').encode("utf-16"))
    assert run("verify", "--against", str(file)).exit_code == 2
    file.write_bytes(day_anchors.as_file(others, dict.fromkeys(others.ends, "\x1b[2K\nAll is well.")).encode("utf-16"))
    done = run("verify", "--against", str(file))
    assert done.exit_code == 1
    assert strange in done.stdout
    assert f"Compared with 2 ends; their digest is {others.short}." in lines(done)
    assert "\x1b" not in done.stdout
    assert "All is well." not in lines(done)


@pytest.mark.parametrize("port", [9, 99999])
def test_what_does_not_go_out_is_said_holds_up_nothing_and_is_tried_again(
    client, database, history, config, aud, tmp_path, caplog, port
):
    missing = tmp_path / "nowhere"
    config(heads_directory=missing, mail_server=f"smtp://127.0.0.1:{port}", heads_mail="dana@example.org")
    with caplog.at_level(logging.ERROR):
        assert sent(database) == 2
    assert caplog.text.count("did not go out") == 2
    assert "dana@" not in caplog.text
    shown = page(client.get("/audit/heads", headers=ENGLISH | as_member(aud))).get_text(" ", strip=True)
    assert "As a file: the last ends did not go out" in shown
    assert "By mail: the last ends did not go out" in shown
    missing.mkdir()
    config(heads_directory=missing)
    sent(database)
    assert len(list(missing.iterdir())) == 1
    shown = page(client.get("/audit/heads", headers=ENGLISH | as_member(aud))).get_text(" ", strip=True)
    assert "did not go out" not in shown
    assert "sent out" in shown


def test_the_audit_administrator_sees_and_takes_it_along_and_nobody_else(
    client, request, database, history, config, aud, tmp_path
):
    address = "/audit/heads/export.json"
    assert "None yet" in page(client.get("/audit/heads", headers=ENGLISH | as_member(aud))).get_text()
    sent(database)
    [file] = tmp_path.iterdir()
    shown = page(client.get("/audit/heads", headers=ENGLISH | as_member(aud))).get_text()
    digest = json.loads(file.read_text())["digest"]
    assert day_anchors.spelled(digest) in shown
    day = clock.today().isoformat()
    assert client.get(f"{address}?day={day}", headers=as_member(aud)).text == file.read_text()
    assert client.get(address, headers=as_member(aud)).json()["heads"]
    assert client.get(f"{address}?day=2020-01-01", headers=as_member(aud)).status_code == 404
    assert client.get(f"{address}?day=x", headers=as_member(aud)).status_code == 422
    for who in ("alice", "sam", "carl", "olga"):
        for one in ("/audit/heads", address):
            assert client.get(one, headers=as_member(request.getfixturevalue(who))).status_code == 403
