"""The first face: who a member is, and whom the card is shown to within the instance."""
