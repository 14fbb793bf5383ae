"""What people record of a day: captured once, for oneself or somebody else, waiting for an officer's word.

A kind of record says its own columns, words and facts; how it is stored, listed, corrected and taken back stands here.
"""
