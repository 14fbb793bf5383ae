"""The code of the room in use: its secret on the organiser's phone, and what members' phones send."""
