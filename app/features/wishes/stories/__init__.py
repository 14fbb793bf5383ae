"""Thank-you stories: a few lines about a wish that came true, as long as its wisher likes them to be read."""
