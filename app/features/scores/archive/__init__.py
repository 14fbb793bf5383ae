"""The year's end of a sheet: the member's signature, the archive, and opening it again."""
