"""Tasks, suggestions and commendations: what counts because the committee decided it."""
