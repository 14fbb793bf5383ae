"""Second factors that are lost altogether."""
