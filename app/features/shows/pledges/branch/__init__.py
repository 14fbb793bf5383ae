"""How far the pledges of a branch have come, for its officers. By group and name, never a ranking."""
