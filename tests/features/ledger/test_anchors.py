"""Where chains end, as it is printed on sheets and publicities and sent out."""

from app.core.chain import EMPTY, Head
from app.features.ledger import anchors, service
from tests.features.ledger.makers import new_fact


def test_the_head_is_the_last_row_and_all_heads_are_one_number(database, given, branch, other_branch, alice, olga):
    with database.read() as session:
        assert anchors.head_of(session, branch.id) == EMPTY
        assert anchors.heads(session) == {}
    given(service.hold, [branch.id])  # whoever waits to write leaves a chain without a row: that is none yet
    given(service.append, [new_fact(person) for person in (alice, alice, olga)])
    with database.read() as session:
        head = anchors.head_of(session, branch.id)
        heads = anchors.heads(session)
    assert (head.seq, head.whole) == (2, f"2:{head.digest}")
    assert heads.keys() == {branch.id, other_branch.id}
    assert heads[branch.id] == head
    assert anchors.digest(heads) == anchors.digest(dict(reversed(heads.items())))
    assert anchors.digest(heads) != anchors.digest(heads | {branch.id: Head(2, heads[other_branch.id].digest)})
