"""The code of the room 现场码: shown, typed, judged."""
