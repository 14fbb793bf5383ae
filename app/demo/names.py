"""Invented people's names and posts. Nobody is meant."""

from collections.abc import Collection
from random import Random
from typing import Final

from app.features.members.rules import Sex

SURNAMES: Final = tuple(
    "赵钱孙李周吴郑王冯陈蒋韩杨朱许何吕张孔曹魏姜谢邹章苏潘葛范彭鲁马方任柳唐罗毕安常于傅康伍余顾孟黄穆萧尹姚邵汪毛米戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童郭梅林钟徐邱骆高夏蔡田胡霍万柯卢莫房干解应丁邓单杭洪包左石崔吉龚程邢裴陆荣翁甄段焦侯宁甘厉武刘景龙叶黎薄白怀从索赖卓蒙池乔闻翟谭劳姬申冉雍桑牛尚温庄晏柴瞿阎"
)
WOMENS: Final = (
    "雪梅", "丽华", "淑珍", "婉清", "慧君", "佳宁", "雨桐", "欣怡", "诗涵", "美玲", "春燕", "秋月", "若兰", "静怡",
    "梦洁", "晓琳", "海燕", "红霞", "玉兰", "凤英", "素芬", "文静", "紫薇", "雅琴", "思彤", "佩珊", "桂兰", "彩虹",
    "冬梅", "月娥", "嘉怡", "舒雅", "可欣", "明慧", "亚楠", "倩云", "小曼", "映雪", "乐瑶", "清扬",
)  # fmt: skip
MENS: Final = (
    "志远", "海涛", "宏伟", "振华", "永强", "国栋", "家豪", "俊杰", "子轩", "浩然", "立群", "学军", "正平", "景行",
    "文博", "天佑", "德胜", "春生", "少峰", "向阳", "守信", "长青", "思源", "承志", "建业", "启航", "博文", "光明",
    "世杰", "云飞", "鹏程", "新民", "晓东", "大勇", "松林", "柏年", "维新", "一鸣", "嘉树", "怀瑾",
)  # fmt: skip
CAST: Final = (
    ("李建国", Sex.MALE, "处长"),
    ("王敏", Sex.FEMALE, "副处长"),
    ("赵晓岚", Sex.FEMALE, "二级调研员"),
    ("陈立", Sex.MALE, "一级主任科员"),
    ("孙浩", Sex.MALE, "三级主任科员"),
    ("周婷", Sex.FEMALE, "四级调研员"),
    ("吴静", Sex.FEMALE, "二级主任科员"),
    ("郑凯", Sex.MALE, "一级主任科员"),
)
"""The first people of the first branch, whom the screens of the design show: secretary, deputy, members."""

BRANCHES: Final = (
    "办公室党支部",
    "监察处党支部",
    "刑事司法处党支部",
    "政策法规处党支部",
    "人事处党支部",
    "财务处党支部",
    "信访处党支部",
    "信息中心党支部",
    "后勤服务中心党支部",
    "离退休干部处党支部",
)
ORGAN: Final = "清源厅机关党委"
LEADING_POSTS: Final = ("处长", "副处长")
"""Of a secretary and a deputy."""
AGES: Final = {
    "处长": (44, 54),
    "副处长": (38, 50),
    "一级调研员": (48, 58),
    "二级调研员": (40, 57),
    "三级调研员": (42, 55),
    "四级调研员": (38, 52),
    "一级主任科员": (34, 48),
    "二级主任科员": (31, 42),
    "三级主任科员": (29, 38),
    "四级主任科员": (27, 34),
    "一级科员": (25, 29),
}
"""Working posts, and between which ages people hold them."""
POSTS: Final = tuple(AGES)[2:]


def invent_name(chance: Random, taken: Collection[str]) -> tuple[str, Sex]:
    """A name and sex that ``taken`` does not have."""
    sex = chance.choice((Sex.FEMALE, Sex.MALE))
    name = chance.choice(SURNAMES) + chance.choice(WOMENS if sex is Sex.FEMALE else MENS)
    return invent_name(chance, taken) if name in taken else (name, sex)


def branch_name(number: int) -> str:
    """The name of the ``number``-th branch, counted from 1."""
    return BRANCHES[number - 1] if number <= len(BRANCHES) else f"第{number}党支部"
