"""The second factor: an app that shows codes, a passkey, or a code from a list that was written down."""
