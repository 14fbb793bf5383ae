"""What somebody with every right on the database can do: history written anew so that it agrees with itself."""

from sqlalchemy import Uuid, bindparam, delete, insert, select, text, update

from app.core.chain import BEGINNING, EMPTY
from app.core.clock import now
from app.features.ledger import queries
from app.features.ledger.chain import extend, sums
from app.features.ledger.models import Fact, LedgerHead, LedgerTotal

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname || ' ON ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal",
}


def without_triggers(database, *changes, **values):
    """Runs SQL with no trigger in its way; values are ids."""
    with database.write() as session:
        for name in session.scalars(text(TRIGGERS[database.url.get_backend_name()])).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        for change in changes:
            statement = text(change) if isinstance(change, str) else change
            if values:
                statement = statement.bindparams(*(bindparam(name, type_=Uuid()) for name in values))
            session.execute(statement, values)


def rewrite_ledger(database, branch_id, *, drop, add=None):
    """Takes row ``drop`` out of the branch's chain, perhaps adds a fact, and corrects digests, head and totals."""
    without_triggers(database)
    with database.write() as session:
        entries = [link.entry for link in queries.links(session, branch_id) if link.entry.seq != drop]
        entries += [add.entry(now())] if add else []
        links = list(extend({branch_id: EMPTY}, entries))
        session.execute(delete(Fact).where(Fact.branch_id == branch_id))
        for link in links:
            digests = {"previous_digest": link.previous_digest, "digest": link.digest}
            session.execute(insert(Fact), link.entry._asdict() | digests)
        end = links[-1] if links else None
        session.execute(
            update(LedgerHead)
            .where(LedgerHead.branch_id == branch_id)
            .values(seq=end.entry.seq if end else 0, digest=end.digest if end else BEGINNING)
        )
        members = set(session.scalars(select(Fact.member_id).where(Fact.branch_id == branch_id)))
        members |= {entry.member_id for entry in entries}
        session.execute(delete(LedgerTotal).where(LedgerTotal.member_id.in_(members)))
        for key, (count, quantity) in sums([link.entry for link in links]):
            session.execute(insert(LedgerTotal), key._asdict() | {"count": count, "quantity": quantity})


def rewrite_log(database, *, keep):
    """Cuts the audit log after row ``keep`` and lets its chain end there."""
    ending = "coalesce((SELECT digest FROM audit_entries WHERE seq = audit_chain.seq), start_digest)"
    without_triggers(
        database,
        f"DELETE FROM audit_entries WHERE seq IS NULL OR seq > {keep}",
        f"UPDATE audit_chain SET seq = {keep}",
        f"UPDATE audit_chain SET digest = {ending}",
    )
