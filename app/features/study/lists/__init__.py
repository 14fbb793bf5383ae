"""Hours of education that officers bring in as lists of other systems, and another officer confirms."""
