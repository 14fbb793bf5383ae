"""The pages of those who give quizzes."""
