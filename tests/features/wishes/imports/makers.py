"""Lists of wishes as communities keep them."""

from app.core.tables import write_xlsx

HEADINGS = ("序号", "微心愿", "具体需求", "类别", "预计金额", "期望完成时间", "姓名", "联系电话", "住址", "本人同意")
GOOD = (1, "想要一台收音机", "能听戏", "助老", "120元", "", "周桂英", "13812345678", "荔园3栋201", "是")
OTHER = (2, "修楼道灯", "", "家政维修", "", "", "", "", "", "")
BAD = (3, "想要一床被子", "", "助困", "很多", "2001年1月1日", "王五", "没有", "", "")


def wish_list(*rows, headings=HEADINGS):
    """The list as a file."""
    return write_xlsx("清单", headings, rows)
