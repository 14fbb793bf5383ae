"""Polite reminders, inside the product: what is due, said seldom, and silenced by whoever does not want it."""
