"""Talks 谈心谈话: who with whom, on which day. What was said is nobody's business: no field holds it."""
