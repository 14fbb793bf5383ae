"""The order of strokes 姓氏笔画, in which candidates stand: by number, then by how they begin 横竖撇点折."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from app.features.members.names import pinyin_key

T = TypeVar("T")
SURNAMES: Final[Mapping[int, str]] = {
    2: "丁卜刁",
    3: "于干万卫习马",
    4: "王井元韦云支区尤车戈水贝牛毛仇从卞文方计尹孔巴邓",
    5: "甘艾古左厉石龙平卢叶申田史冉付白丛印乐包邝冯兰宁司皮边",
    6: "匡邢戎吉巩权达成毕师曲吕朱乔伍任华向全危邬庄刘齐闫关米江池汤安祁许农阮孙阳牟纪",
    7: "麦花严芦劳苏杜巫李杨束来连肖时吴岑利邱何佟余谷狄邹况应冷辛闵汪沙沈怀宋初张陆陈邵",
    8: "武苗苟范茅林杭郁欧卓尚明易罗和季岳金周庞郑单宗郎房居屈孟练",
    9: "封项赵郝荀荣胡茹南柯查柏柳钟钮郜段侯俞饶施闻姜娄洪宣宫祖祝费胥姚贺骆",
    10: "秦敖袁莫桂索贾夏顾柴党晏钱倪徐殷奚翁凌栾高郭席唐浦涂容诸谈陶姬桑",
    11: "黄萧萨梅曹戚龚盛常崔符麻康章商阎梁寇谌尉屠隋巢",
    12: "彭葛董蒋韩惠覃粟景喻程傅焦储舒鲁童曾温游谢强",
    13: "靳蓝蒲蒙楚楼裘赖甄雷虞路詹鲍解廉雍阙窦褚",
    14: "蔡蔺臧裴管廖谭翟熊缪",
    15: "樊黎滕颜潘",
    16: "燕薛薄霍冀穆",
    17: "戴鞠魏",
    18: "瞿",
}
"""Characters with which surnames begin, by their number of strokes, in the order in which these are written."""
_PLACE: Final = {sign: place for place, sign in enumerate("".join(SURNAMES.values()))}


def in_order(names: Mapping[T, str]) -> list[T]:
    """Keys of ``names`` in the order of their surnames' strokes; of one surname by pinyin.

    A surname that is not known here stands last: see ``unknown``.
    """
    return sorted(names, key=lambda one: (_PLACE.get(names[one][:1], len(_PLACE)), pinyin_key(names[one])))


def unknown(names: Iterable[str]) -> list[str]:
    """Those whose place somebody has to look at."""
    return [name for name in names if name[:1] not in _PLACE]
