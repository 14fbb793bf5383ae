"""The tree of organisations as those see it who look after it: committees, branches, groups, and how many they are."""
