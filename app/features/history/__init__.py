"""What happened to things, for ever: one history for everything whose steps ask for no columns of their own."""
