"""What is wished in the invented communities: the words of the past year, and the wishes of today."""

from dataclasses import dataclass
from typing import Final

from app.features.wishes.rules import Category, Kind


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
LOOKED_BACK: Final = (
    "一直在用，挺好。",
    "确实帮上了忙，老人很高兴。",
    "用着顺手，社区也看到了。",
    "问题没有再出现。",
)
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
