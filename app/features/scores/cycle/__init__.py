"""The cycle of quantified management: publicity, objection, closing, archive."""
