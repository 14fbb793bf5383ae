"""Report of a branch's study in a quarter 检查通报 · 质量报告: given out once, upward in numbers alone."""
