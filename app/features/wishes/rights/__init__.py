"""The rights of wishers: to take the wish back at once, to see what is held and who looked, to have it corrected."""
