"""Opinions and complaints 意见与投诉: a box on every page, over the head of whom it is about."""
