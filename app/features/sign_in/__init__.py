"""How people come in and go out: passwords, slips, sessions, and the door of every route."""
