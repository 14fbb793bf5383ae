"""Carrying a wish: claimed alone, as a team or shared, handed over, confirmed by somebody else, looked back at."""
