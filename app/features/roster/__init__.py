"""The roster: members come in from the file an organ really keeps, and go out as the same file."""
