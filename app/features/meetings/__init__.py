"""Meetings 三会一课: events, attendance, the code of the room, votes, the calendar of duties."""
