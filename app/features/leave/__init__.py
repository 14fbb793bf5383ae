"""Leave and travel 请假报备: asked for, acknowledged, closed."""
