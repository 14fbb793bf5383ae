"""What residents sent, before the people of their community: taken as a draft by one tap, or refused and erased."""
