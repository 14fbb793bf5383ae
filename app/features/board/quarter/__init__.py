"""A secretary's quarter on one page, and where each branch stands for the committee: by name, never by speed."""
