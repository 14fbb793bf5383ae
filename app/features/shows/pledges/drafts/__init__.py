"""Writing a pledge, changing it while it is a draft, and saying a returned one in other words."""
