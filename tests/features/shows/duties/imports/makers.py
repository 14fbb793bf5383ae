"""Duty lists as branches keep them."""

from app.core.tables import write_xlsx


def duty_file(*rows, headings=("责任人", "工作事项", "完成时限")):
    """The list as a file."""
    return write_xlsx("清单", headings, rows)
