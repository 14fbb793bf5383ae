"""What the claims about speed and robustness rest on. Each module is one command; see README.md."""
