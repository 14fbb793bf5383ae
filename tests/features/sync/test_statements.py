"""A batch costs the database a fixed number of statements, whatever its length. Goal: 12, and one per item."""

import pytest

from tests.features.sync.makers import new_item, new_withdrawal, send

PER_BATCH, PER_ITEM = 12, 1


def cost(statements, client, person, *items):
    statements.clear()
    send(client, person, *items)
    return len(statements)  # with BEGIN and savepoints


@pytest.mark.parametrize("number", [1, 20, 50])
def test_a_usual_batch(client, statements, alice, number):
    items = [new_item() for _number in range(number)]
    assert cost(statements, client, alice, *items) <= PER_BATCH
    assert cost(statements, client, alice, *items) <= PER_BATCH  # all of it again


def test_fifty_cost_what_one_costs(client, statements, alice):
    one = cost(statements, client, alice, new_item())
    assert cost(statements, client, alice, *(new_item() for _number in range(50))) == one


def test_every_trouble_at_once(client, statements, alice, bob):
    """Half of the batch is new, the rest is everything else that can happen to an item."""
    known, theirs, withdrawn, first = (new_item() for _number in range(4))
    waiting = new_item(depends_on=first["id"])
    send(client, alice, known, withdrawn, new_withdrawal(withdrawn["id"]), waiting)
    send(client, bob, theirs)
    batch = [
        *(new_item() for _number in range(25)),
        *(new_item(would_be_refused="over") for _number in range(5)),
        *(new_item(occurred_at="2099-01-01T00:00:00Z") for _number in range(5)),
        first,
        new_item(depends_on=first["id"]),
        new_item(depends_on=theirs["id"]),
        known,
        known | {"payload": {"title": "别的", "minutes": 1}},
        theirs,
        withdrawn,
        new_withdrawal(known["id"]),
        new_withdrawal(theirs["id"]),
        new_withdrawal(new_item()["id"]),
        new_item("wish.claim"),
        new_item(payload={}),
        new_item(id="no id"),
        None,
        new_item(payload={"title": "x", "minutes": 1, "takeaway": "长" * 3000}),
    ]
    assert len(batch) == 50
    assert cost(statements, client, alice, *batch) <= PER_BATCH + PER_ITEM * len(batch)


def test_a_long_chain_in_the_wrong_order(client, statements, alice):
    chain = [new_item()]
    for _number in range(49):
        chain.append(new_item(depends_on=chain[-1]["id"]))
    assert cost(statements, client, alice, *reversed(chain)) <= PER_BATCH
