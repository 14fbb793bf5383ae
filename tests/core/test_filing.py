"""Under which numbers the house is filed stands in the foot of each page, each with the link its order asks for."""

import pytest

from app.core.pages import environment
from app.core.settings import Settings
from tests.page import page

ICP = "京ICP备00000000号-1"
POLICE = "京公网安备00000000000000号"
MINISTRY = "https://beian.miit.gov.cn/"
ENTRY = "https://beian.mps.gov.cn/#/query/webSearch?code=00000000000000"


@pytest.fixture
def filed(monkeypatch):
    def with_numbers(**numbers):
        monkeypatch.setitem(environment().globals, "settings", Settings(**numbers))

    return with_numbers


@pytest.mark.parametrize("address", ["/sign-in", "/complaints"])
def test_both_numbers_stand_in_the_foot(client, filed, address):
    filed(filing_number=ICP, police_filing_number=POLICE)
    foot = page(client.get(address)).select_one("footer")
    assert f"{ICP} · {POLICE}" in foot.get_text()
    assert foot.select_one(f"a[href='{ENTRY}']").get_text() == POLICE
    assert foot.select_one(f"a[href='{MINISTRY}']").get_text() == ICP


def test_one_alone_and_none(client, filed):
    filed(police_filing_number=POLICE)
    assert POLICE in page(client.get("/sign-in")).select_one("footer").get_text()
    filed()
    foot = page(client.get("/sign-in")).select_one("footer")
    assert foot.select("a[href^='https:']") == []
    assert not foot.get_text(strip=True).endswith("·")
