"""The inbox 收件箱: everything a phone captured, each id once and for ever, with the first outcome it got."""
