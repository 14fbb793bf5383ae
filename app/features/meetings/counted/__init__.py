"""Who counts at a meeting: four numbers, never one for another."""
