"""Hours of education 学时, in three classes."""
