"""Making up for a meeting 补课, and the loss of private leave that was not made up."""
