"""The committee's side of a review: paper, grades, what each is told, forms."""
