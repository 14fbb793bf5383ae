"""The bank of questions of a branch or a committee 题库."""
