"""What is done for a whole branch at once, in portions: everybody is asked to sign, everything is archived."""
