"""The card for everybody: the member's own consent, and the page it opens and closes."""
