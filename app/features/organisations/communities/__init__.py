"""Communities: which branches look after their wishes, and who collects them."""
