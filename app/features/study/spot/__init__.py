"""Spot checks 随机抽检: a fair sample of what waits is looked at, and the rest follows in one tap."""
