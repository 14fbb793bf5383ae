"""Lists that people bring in as files: looked at first, taken in once, their bad rows back with reasons."""
