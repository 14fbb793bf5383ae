"""A small library of pledges to begin with, by post and side; each branch may make it its own."""
