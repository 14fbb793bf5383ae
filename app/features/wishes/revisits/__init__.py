"""Looking back after two weeks whether it really helped; only then does it count."""
