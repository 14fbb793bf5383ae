"""Claiming a wish: alone, as a team, or shared; and giving it back without blame."""
