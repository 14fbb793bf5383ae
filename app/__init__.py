"""Sanliang 三亮: a Party branch at work on its members' phones."""
