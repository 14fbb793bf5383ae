"""Days off and make-up days of a year: the list an administrator loads without a release."""
