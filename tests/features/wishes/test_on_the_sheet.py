"""Line D2 of the own sheet names the wish that came true, says where it comes from, and leads to it."""

from datetime import timedelta

import pytest

from app.core import clock
from app.features.ledger.fact_sources import FactSource, know
from app.features.wishes.carrying import revisits
from app.features.wishes.rules import Helped
from tests.features.wishes.makers import make_realised
from tests.makers import as_member
from tests.page import page


def test_the_line_leads_to_the_wish(client, given, wish, alice, bob, cora):
    given(make_realised, wish, alice, cora)
    in_two_weeks = clock.now() + timedelta(days=14)
    with clock.standing_at(in_two_weeks):
        given(lambda session: revisits.revisit(session, bob.actor, wish_id=wish.id, helped=Helped.YES))
    year = clock.today().year
    (row,) = page(client.get(f"/sheet/{year}/lines/D2", headers=as_member(alice))).select("#line-facts-D2 .row")
    assert row.a["href"] == f"/wishes/{wish.id}"
    assert f"{wish.code} {wish.title}" in row.a.text
    assert "微心愿" in row.small.text
    assert client.get(row.a["href"], headers=as_member(alice)).status_code == 200


def test_two_streams_have_two_names():
    with pytest.raises(ValueError, match="wish"):
        know([FactSource(name="wish", label=revisits.WISH.label, found_at="/elsewhere/{id}", fact_types=())])
