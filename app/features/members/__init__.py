"""Who is who: organisations, members, posts and exemptions."""
