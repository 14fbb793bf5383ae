"""Quizzes 定期测试, and the draw that anybody can recompute."""
