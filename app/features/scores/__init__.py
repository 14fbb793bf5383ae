"""Quantified management 党员量化管理: one explained sheet per person, computed from facts by a versioned rule set."""
