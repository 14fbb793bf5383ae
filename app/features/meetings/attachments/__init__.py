"""Who takes part in the life of another branch for a time, agreed between the two 一方隶属、多重组织生活."""
