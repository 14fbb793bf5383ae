"""Writes the wishes of the past: fulfilled in their time, and looked back at by an officer, which brings the fact."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at
from app.demo.communities import Community
from app.demo.happenings import WISHED, Happening
from app.demo.people import Branch, Person
from app.features.wishes import service as wish_service
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant
from app.features.wishes.rules import Category, ClaimKind, ConfirmedHow, Kind, Origin, Status, Step

BEFORE: Final = (
    (Step.ENTER, Status.DRAFT, 30),
    (Step.SUBMIT, Status.TO_VERIFY, 30),
    (Step.PUBLISH, Status.PUBLISHED, 26),
    (Step.CLAIM, Status.CLAIMED, 20),
    (Step.CONTACT, Status.IN_PROGRESS, 17),
    (Step.FULFIL, Status.TO_CONFIRM, 0),
    (Step.CONFIRM, Status.REALISED, -1),
)
"""What happened to a wish until it was realised, and how many days before it was handed over."""


def write(
    session: Session, branch: Branch, community: Community, happenings: Iterable[Happening]
) -> Mapping[date, list[tuple[UUID, Person]]]:
    """Store realised wishes; gives which are to be looked back at, and who fulfilled them, by the day it is due."""
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    to_revisit: dict[date, list[tuple[UUID, Person]]] = defaultdict(list)
    wishes = (happening for happening in happenings if happening.stream == WISHED)
    for happening in sorted(wishes, key=lambda happening: (happening.day, happening.person.place, happening.note)):
        wish_id = _add(session, rows, branch, community, happening)
        to_revisit[happening.written_on].append((wish_id, happening.person))
    for table in (Wish, WishEvent, WishClaim, WishParticipant):
        if rows[table]:
            session.execute(insert(table), rows[table])
    return to_revisit


def _add(
    session: Session,
    rows: dict[type[Any], list[dict[str, Any]]],
    branch: Branch,
    community: Community,
    happening: Happening,
) -> UUID:
    wished, person = CAME_TRUE[happening.note], happening.person
    at = {
        step: clock.at(happening.day - timedelta(days=days), time(10, number))
        for number, (step, _status, days) in enumerate(BEFORE)
    }
    wish_id = id_at(at[Step.ENTER])
    claim_id = id_at(at[Step.CLAIM])
    publisher = branch.confirmer_of(person)
    doers = {Step.PUBLISH: publisher.id, Step.CLAIM: person.id, Step.CONTACT: person.id, Step.FULFIL: person.id}
    rows[Wish].append(
        {
            "id": wish_id,
            "code": wish_service.next_code(session, clock.local_day(at[Step.ENTER]).year),
            "community_id": community.id,
            "branch_id": community.led_by,
            "title": wished.title,
            "need": wished.need,
            "category": wished.category,
            "kind": wished.kind,
            "yuan": wished.yuan,
            "wanted_by": None,
            "status": Status.REALISED,
            "round": 1,
            "steps": len(BEFORE),
            "origin": Origin.COLLECTOR,
            "entered_by_id": community.collector_id,
            "entered_at": at[Step.ENTER],
            "verified_by_id": publisher.id,
            "verified_at": at[Step.PUBLISH],
            "published_by_id": publisher.id,
            "published_at": at[Step.PUBLISH],
            "channel": None,
        }
    )
    sentence = HANDED_OVER[wished.kind]
    rows[WishEvent] += [
        {
            "wish_id": wish_id,
            "seq": number,
            "step": step,
            "status": status,
            "at": at[step],
            "by_id": doers.get(step, community.collector_id),
            "by_wisher": False,
            "note": sentence if step is Step.FULFIL else "",
        }
        for number, (step, status, _days) in enumerate(BEFORE, start=1)
    ]
    rows[WishClaim].append(
        {
            "id": claim_id,
            "wish_id": wish_id,
            "kind": ClaimKind.ALONE,
            "claimed_by_id": person.id,
            "claimed_at": at[Step.CLAIM],
            "contacted_at": at[Step.CONTACT],
            "attempt": 1,
            "fulfil_from": clock.local_day(at[Step.CLAIM]),
            "fulfilled_on": happening.day,
            "fulfilled_by_id": person.id,
            "sentence": sentence,
            "confirmed_at": at[Step.CONFIRM],
            "confirmed_how": ConfirmedHow.DESK,
            "confirmed_by_id": community.collector_id,
        }
    )
    rows[WishParticipant].append(
        {
            "claim_id": claim_id,
            "member_id": person.id,
            "branch_id": branch.id,
            "joined_at": at[Step.CLAIM],
            "took_part_from": at[Step.CLAIM],
        }
    )
    return wish_id


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish without a word of who wishes."""

    title: str
    need: str
    category: Category
    kind: Kind
    yuan: int | None = None
    """Estimate."""


CAME_TRUE: Final = {
    "收音机": Wished("想要一台收音机听戏", "按键大一点，能收戏曲频道。", Category.ELDERLY, Kind.GOODS, 120),
    "三年级课外书": Wished("三年级孩子的课外书 5 本", "老师列了书单，新旧都行。", Category.SCHOOL, Kind.GOODS, 150),
    "修楼道灯": Wished("帮忙修一下楼道灯", "三楼的声控灯不亮，晚上上下楼不方便。", Category.REPAIRS, Kind.SERVICE),
    "代步助行器": Wished("想要一个带座的助行器", "腿脚不便，想自己下楼晒太阳。", Category.DISABILITY, Kind.GOODS, 180),
    "电脑清灰": Wished("旧电脑开机很慢，想请人看看", "孩子上网课要用。", Category.REPAIRS, Kind.SERVICE),
    "冬被一床": Wished("想要一床厚一点的冬被", "1.5 米床，棉的最好。", Category.HARDSHIP, Kind.GOODS, 160),
    "书包文具": Wished("上学用的书包和文具", "开学上一年级。", Category.SCHOOL, Kind.GOODS, 130),
    "血压计": Wished("想要一台电子血压计", "能读出声音的，看不清数字。", Category.ELDERLY, Kind.GOODS, 190),
}
"""By the word with which a branch remembers it."""
HANDED_OVER: Final = {
    Kind.GOODS: "买好送到家里，当面试过，用得上。",
    Kind.SERVICE: "上门半天，当场弄好，说清楚了怎么用。",
}
LOOKED_BACK: Final = ("一直在用，挺好。", "确实帮上了忙，老人很高兴。", "用着顺手，社区也看到了。", "问题没有再出现。")
RADIO: Final = CAME_TRUE["收音机"]
BOOKS: Final = CAME_TRUE["三年级课外书"]
LAMP: Final = CAME_TRUE["修楼道灯"]
CLINIC: Final = Wished("陪老人去医院复查一次", "子女在外地，上午挂号取药要有人陪。", Category.COMPANY, Kind.SERVICE)
PHONE: Final = Wished("想学会用手机挂号", "耐心教两三回就行，记在纸上更好。", Category.ADVICE, Kind.SERVICE)
CUSHION: Final = Wished("轮椅上用的防褥疮坐垫", "40 厘米宽，社区量过尺寸。", Category.DISABILITY, Kind.GOODS, 260)
WASHER: Final = Wished("家里的洗衣机坏了，想换一台", "六公斤波轮的就够用。", Category.HARDSHIP, Kind.GOODS, 900)
QUILT: Final = CAME_TRUE["冬被一床"]
SCHOOLBAG: Final = CAME_TRUE["书包文具"]
METER: Final = CAME_TRUE["血压计"]
TALK: Final = Wished("想有人每月来说说话", "爱聊年轻时修铁路的事。", Category.COMPANY, Kind.SERVICE)
RAIL: Final = Wished("卫生间装一个扶手", "墙是实心砖，要带电钻。", Category.REPAIRS, Kind.SERVICE, 80)
LEASE: Final = Wished("房东不退押金，想问问怎么办", "签了合同，有转账记录。", Category.ADVICE, Kind.SERVICE)
GLASSES: Final = Wished("孩子配一副近视眼镜", "已经验过光。", Category.SCHOOL, Kind.GOODS, 200)
FAN: Final = Wished("夏天想要一台落地扇", "屋里闷热。", Category.ELDERLY, Kind.GOODS, 140)
CURTAIN: Final = Wished("窗户漏风，想换一副厚窗帘", "朝北，1.8 米宽。", Category.HARDSHIP, Kind.GOODS, 110)
ALLOWANCE: Final = Wished("想申请困难补助", "不清楚够不够条件。", Category.HARDSHIP, Kind.GOODS)
PHOTO: Final = Wished("想拍一张全家福", "三代人难得聚齐，春节前最好。", Category.OTHER, Kind.SERVICE, 100)
READING: Final = Wished("给视力不好的老人读读报", "每周一次，半小时就好。", Category.DISABILITY, Kind.SERVICE)
SHELF: Final = Wished("旧书架搬到楼下", "五楼没有电梯，两个人抬得动。", Category.REPAIRS, Kind.SERVICE)
