"""From handing over to the confirmation by somebody else: the sentence, the photo of the thing, the wisher's slip."""
