"""The usual forms of a meeting, on paper and as files, from one entry."""
