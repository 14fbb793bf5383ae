"""Elections at a members' meeting: who stands, the ballots, and the next round."""
