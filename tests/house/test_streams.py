"""A stream is announced in one place: what it forgot to say there is found here."""

import inspect
from pathlib import Path

from app.core.db import Base, import_models
from app.features.home import own_data
from app.features.ledger.fact_sources import FactSource
from app.features.notices.sources import ReminderSource
from app.features.records.models import Recorded
from app.features.records.queries import own_columns
from app.features.reviews.kinds import ReviewKind
from app.features.scores.rule_set import rule_set, versions
from app.features.streams import STREAMS
from app.features.sync.captures import CapturedKind
from app.main import OF_THE_HOUSE, routers
from tests.features.records.kinds import RECORD_KINDS, modules
from tests.house.sources import PROJECT_DIR
from tests.page import page

OF_THE_HOUSE_ALONE = {"branch_id", "member_id", "received_at", "occurred_at"}
WITHOUT_FACTS = inspect.signature(ReviewKind).parameters["facts"].default
NO_DATA_OF_THEIR_OWN = {
    "archived_years": "the sheet that was archived then is there, with its day",
    "account_news_read": "a mark that news of the account were read",
    "credentials": "a password's hash is a secret, no data",
    "former_passwords": "hashes as well",
    "inbox_items": "what phones sent; the record itself stands in its stream",
    "meeting_guests": "whoever sits in with an account stands among those expected, as a guest",
    "outside_trips": "a way out that waits for its way back, ten minutes",
    "post_proposals": "a post that waits for its second word; what became of it stands under Changes",
    "factor_resets": "what became of it stands under Changes",
    "recovery_codes": "digests of secrets; how many are left stands on the page of devices",
    "slips": "a code's digest; that a slip was printed stands under Changes",
    "totals": "sums of the facts, which are there row by row",
}
"""Tables that name a member and stand in no export, with the reason."""


def test_every_file_of_routes_is_served():
    served = {id(router) for router in routers()}
    files = sorted((PROJECT_DIR / "app" / "features").rglob("routes.py"))
    named = {module for stream in STREAMS for module in stream.routes}
    modules = [_module(path) for path in files]
    assert len(served) == len(OF_THE_HOUSE) + len(named)
    main = (PROJECT_DIR / "app" / "main.py").read_text("utf-8")
    forgotten = [
        module
        for module in modules
        if module not in named and f"from {module.rpartition('.')[0]} import routes" not in main
    ]
    assert forgotten == [], "name it in the stream's `routes`"


def test_own_data_knows_every_table_that_names_a_member(database, statements, alice):
    import_models()
    with database.read() as session:
        own_data.as_json(session, alice.actor)
    asked = " ".join(statements)
    tables = [table.name for table in Base.metadata.sorted_tables if "member_id" in table.columns]
    unknown = [name for name in tables if f" {name}" not in asked and name not in NO_DATA_OF_THEIR_OWN]
    assert unknown == [], "give its stream a `section` of own data, or say here why not"
    assert [name for name in NO_DATA_OF_THEIR_OWN if name not in tables] == []


def test_own_data_says_of_every_record_how_it_came():
    said = [set(one.columns) for stream in STREAMS for one in stream.own_data]
    for record in Recorded.__subclasses__():
        own = {column.key for column in record.__table__.columns} - {
            "branch_id",
            "member_id",
            "received_at",
            "occurred_at",
        }
        assert any(own <= columns for columns in said), f"{record.__name__}: name its columns in the stream's `section`"


def test_what_an_approval_brings_is_announced_with_it():
    """The sheet leaves out what no stream can bring: a kind that forgets its types would lower everybody's maximum."""
    for stream in STREAMS:
        for kind in stream.review_kinds:
            assert kind.fact_types or kind.facts is WITHOUT_FACTS, kind.name


def test_every_fact_is_counted_by_a_line_of_the_sheet():
    counted = {kind for rule in rule_set(versions()[-1]).rules() for kind in rule.fact_types}
    for stream in STREAMS:
        for source in (*stream.review_kinds, *stream.fact_sources):
            assert set(source.fact_types) <= counted, f"{source.name}: the rule set has no line for its facts"


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT_DIR).with_suffix("").parts)


def test_what_a_room_makes_is_announced():
    """A kind, a reminder or a source of facts that stands in a module and in no stream is forgotten."""
    announced = {
        id(one)
        for stream in STREAMS
        for one in (*stream.review_kinds, *stream.captures, *stream.reminders, *stream.fact_sources)
    }
    forgotten = {
        f"{module.__name__}.{name}"
        for module in modules()
        for name, one in vars(module).items()
        if isinstance(one, ReviewKind | CapturedKind | ReminderSource | FactSource)
        and not name.startswith("_")  # a part of one that is announced
        and id(one) not in announced
    }
    assert forgotten == set()


def test_a_reminder_that_says_that_today_lists_it_has_lines_there():
    """Its reminder adds nothing then; without lines nobody would hear of it."""
    fields = inspect.signature(ReminderSource).parameters
    silent = {
        source.name
        for stream in STREAMS
        for source in stream.reminders
        if source.is_listed is not fields["is_listed"].default and source.lines is fields["lines"].default
    }
    assert silent == {"meeting.record"}  # a queue of the officer lists it


def test_a_kind_of_record_is_announced_with_all_that_follows_from_it():
    assert RECORD_KINDS
    for kind in RECORD_KINDS:
        (stream,) = [one for one in STREAMS if kind.name in {review.name for review in one.review_kinds}]
        assert kind.name in {captured.name for captured in stream.captures}, f"{kind.name}: phones cannot record it"
        assert kind.home in {page.address for page in stream.pages}, f"{kind.name}: whoever recorded it finds no page"
        own = {section.name: set(section.columns) for section in stream.own_data}
        assert own.get(kind.room, set()) >= kind.fields.keys(), f"{kind.name}: own data does not know it"
        assert kind.fact_types, f"{kind.name}: name the types of its facts"


def test_a_kind_of_record_says_all_of_its_fields():
    """What is stored has words for officer and owner, and the line of the review is made of what is typed."""
    for kind in RECORD_KINDS:
        said, own = set(kind.content.model_fields), {column.key for column in own_columns(kind.model)}
        assert set(kind.fields) == own, f"{kind.name}: fields"
        assert said <= own, f"{kind.name}: the table has no such column"
        assert set(kind.line) <= said, f"{kind.name}: line"


def test_what_comes_from_phones_and_waits_is_found_corrected_and_stays_away_when_withdrawn():
    sent = {kind.name for stream in STREAMS for kind in stream.captures}
    handed_in = [kind for stream in STREAMS for kind in stream.review_kinds if kind.is_own_doing]
    waiting = [kind for kind in handed_in if kind.name in sent]  # what officers say of others is no record of an item
    assert waiting
    for kind in waiting:
        assert kind.on_withdrawn, f"{kind.name}: a late repetition would bring back what was withdrawn (keep_out)"
        assert kind.listed_at, f"{kind.name}: whoever recorded it finds it nowhere"
        assert kind.correction, f"{kind.name}: a returned one is corrected nowhere"


def test_the_phones_forms_say_what_their_payload_wants(client):
    forms = page(client.get("/study/capture")).select("capture-form")
    kinds = {kind.name: kind for stream in STREAMS for kind in stream.captures}
    assert forms
    for form in forms:
        payload = kinds[str(form["data-kind"])].payload.model_fields
        named = {field.rstrip("?").partition(":")[0].rstrip("?") for field in str(form["data-fields"]).split()}
        assert named <= set(payload), f"{form['data-kind']}: the payload knows no such field"
        required = {name for name, field in payload.items() if field.is_required()}
        assert required <= named, f"{form['data-kind']}: the form does not send it"
        words = kinds[str(form["data-kind"])].words
        assert named <= set(words), f"{form['data-kind']}: a wrong field has no name on the screen"
