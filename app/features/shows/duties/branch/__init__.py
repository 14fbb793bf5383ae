"""The branch's duty list: what is due, person by person, and giving duties out."""
