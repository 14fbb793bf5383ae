"""The first version of what machines read. What it says stays as it is; something else is a second version."""
