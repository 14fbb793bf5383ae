"""Attendance 考勤: who was where, and what it gives."""
