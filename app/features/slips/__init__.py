"""Activation slips: a code on paper with which a member sets a password, the first time or after forgetting it."""
