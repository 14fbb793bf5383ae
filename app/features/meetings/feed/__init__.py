"""What somebody is expected at, in their own calendar program: an address that nobody can guess."""
