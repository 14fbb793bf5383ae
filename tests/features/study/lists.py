"""Lists of hours for tests: files as other systems export them, brought in, read and confirmed through the pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.tables import Cell, write_xlsx
from app.features.education.rules import HoursClass
from app.features.imports import columns, service
from app.features.imports.lists import Placed
from app.features.study.lists import profiles
from app.features.study.lists.listing import HOURS
from app.features.study.lists.mapping import Column
from tests.makers import ENGLISH, HTMX, Person, as_member
from tests.page import page

HEADINGS = ("姓名", "手机号", "完成日期", "课程名称", "学时", "积分")
MEANS = ("name", "phone", "day", "title", "hours")
ADDRESS = "/study/hours/import"
LISTS = "/study/hours/lists"


def xlsx(*rows: Sequence[Cell], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook with these rows."""
    return write_xlsx("学习记录", headings, rows)


def make_list(
    session: Session, officer: Person, member: Person, *, title: str = "党史专题", day: date | None = None
) -> UUID:
    """A list with two hours of ``member`` that ``officer`` handed in; gives its id."""
    actor, day = officer.actor, day or clock.today()
    content = f"姓名,手机号,日期,内容,学时\n{member.name},{member.phone},{day},{title},2\n".encode()
    table = service.table_of(HOURS, content)
    placed = Placed(actor.branch_id, {})
    upload = service.keep_upload(session, actor, HOURS, file_name=f"{title}.csv", table=table, placed=placed)
    said = profiles.ListChoices("干部网络学院", HoursClass.NETWORK, is_cumulative=False)
    means = [Column(name) for name in ("name", "phone", "day", "title", "hours")]
    header = service.about(HOURS, upload).header
    columns.settle(session, HOURS, upload, profiles.say(session, actor, upload, header, columns=means, new=said))
    service.confirm(session, actor, HOURS, upload_id=upload.id)
    return upload.id


class Bringing:
    """One officer at the pages."""

    def __init__(self, client: Any, person: Person) -> None:
        self.client, self.headers = client, ENGLISH | as_member(person)

    def send(self, content: bytes, *, name: str = "导出.xlsx", **more: str) -> str:
        """Choose the file; gives the address of the upload."""
        answer = self.client.post(ADDRESS, files={"file": (name, content)}, data=more, headers=self.headers)
        assert answer.status_code == 303, page(answer, answer.status_code).get_text(" ", strip=True)
        return str(answer.headers["location"])

    def say(self, address: str, means: Sequence[str] = MEANS, headers: Any = None, **said: str) -> Any:
        """Say what the columns mean."""
        form = {"source": "干部网络学院", "hours_class": "网络", "columns": list(means), **said}
        return self.client.post(f"{address}/columns", data=form, headers=self.headers | (headers or {}))

    def look(self, address: str, show: str = "") -> str:
        """What the preview says."""
        answer = self.client.get(f"{address}{show and f'?show={show}'}", headers=self.headers)
        return page(answer).get_text(" ", strip=True)

    def hand_in(self, address: str) -> str:
        """Hand it in; gives the address of the list."""
        answer = self.client.post(f"{address}/confirm", headers=self.headers)
        assert answer.status_code == 303, page(answer, answer.status_code).get_text(" ", strip=True)
        return f"{LISTS}/{address.rsplit('/', 1)[1]}"

    def bring(self, content: bytes, means: Sequence[str] = MEANS, **said: str) -> str:
        """All of that, whether the headings are known or not; gives the address of the list."""
        address = self.send(content)
        if self.client.get(address, headers=self.headers).status_code == 303:
            answer = self.say(address, means, **said)
            assert answer.status_code == 303, page(answer, answer.status_code).get_text(" ", strip=True)
        return self.hand_in(address)

    def confirm(self, address: str, **headers: str) -> Any:
        """Confirm what waits of a list."""
        return self.client.post(f"{address}/confirm", headers=self.headers | headers)

    def take_back(self, address: str, reason: str = "导错了表", **headers: str) -> Any:
        """Take it back."""
        return self.client.post(f"{address}/take-back", data={"reason": reason}, headers=self.headers | headers)

    def read(self, address: str) -> str:
        """What a page says."""
        return page(self.client.get(address, headers=self.headers)).get_text(" ", strip=True)


__all__ = ["ADDRESS", "HEADINGS", "HTMX", "LISTS", "MEANS", "Bringing", "make_list", "xlsx"]
