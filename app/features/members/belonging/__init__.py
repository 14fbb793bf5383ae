"""Where members belong: they leave, return, and move to another branch."""
