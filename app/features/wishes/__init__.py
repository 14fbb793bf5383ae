"""Micro-wishes 微心愿: from the draft to the revisit."""
