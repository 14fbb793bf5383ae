"""The second step of signing in: something one has, after something one knows."""
