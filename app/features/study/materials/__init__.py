"""What is studied: texts, files and links of a branch or a committee, also without a network."""
