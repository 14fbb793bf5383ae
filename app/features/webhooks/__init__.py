"""What other systems are told of as it happens: ids alone, signed, at least once."""
