"""Five hundred requests that mean no good: each is refused or made harmless, and the queue stays usable."""

from collections import Counter
from itertools import count

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.features.wishes.residents.models import WishSubmission
from app.features.wishes.residents.rules import MOST_AN_HOUR, MOST_WAITING, ROWS_ON_A_PAGE
from tests.features.wishes.residents.hostile import hostile
from tests.features.wishes.residents.makers import TYPED
from tests.makers import ENGLISH, as_member
from tests.page import page, problems

ANSWERS = {200, 403, 404, 405, 413, 422, 429}
_addresses = count(1)


@pytest.fixture
def stranger(app):
    """A browser from an address of its own."""

    def from_somewhere(address: str | None = None) -> TestClient:
        number = next(_addresses)
        place = address or f"198.18.{number // 250}.{number % 250 + 1}"
        headers = {"Sec-Fetch-Site": "same-origin"}
        return TestClient(app, follow_redirects=False, headers=headers, client=(place, 50_000))

    return from_somewhere


def test_the_queue_stays_usable(stranger, database, poster, cora):
    def send_a_real_one(need: str) -> None:
        page(stranger().post(poster, data=TYPED | {"need": need}))

    send_a_real_one("想请人陪我去医院复查。")
    looked_at: set[tuple[int, str]] = set()
    requests = list(hostile(poster))
    assert len(requests) >= 500
    for address, method, url, rest in requests:
        answer = stranger(address).request(method, url, **rest)
        assert answer.status_code in ANSWERS, (answer.status_code, method, url, str(rest)[:200])
        kind = (answer.status_code, answer.headers.get("content-type", ""))
        if kind[1].startswith("text/html"):
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
            assert "\u202e" not in answer.text
        if kind[1].startswith("text/html") and kind not in looked_at:  # each sort of answer is a page with manners
            looked_at.add(kind)
            assert list(problems(answer.text)) == []
    send_a_real_one("水龙头漏水，自己拧不动。")

    with database.read() as session:
        waiting = session.scalar(select(func.count()).select_from(WishSubmission))
        networks = session.scalars(select(WishSubmission.network_digest)).all()
        assert max(Counter(networks).values()) <= MOST_AN_HOUR
        assert waiting <= MOST_WAITING
    shown = []
    for number in range(1, waiting // ROWS_ON_A_PAGE + 2):
        answer = stranger().get(f"/wishes/from-residents?page={number}", headers=as_member(cora) | ENGLISH)
        shown.append(page(answer).text)
        assert len(answer.content) < 200_000
    assert "想请人陪我去医院复查。" in shown[0]
    assert "水龙头漏水，自己拧不动。" in "".join(shown)
    assert "贷款" in "".join(shown), "the flood is there, folded"
    assert "".join(shown).count("便宜贷款") <= 3 * 3


def test_strangers_on_other_pages_cannot_send_for_somebody(client, poster, typed):
    answer = client.post(poster, data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
