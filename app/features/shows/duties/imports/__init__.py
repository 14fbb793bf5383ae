"""A duty list out of the file a branch really keeps, looked at before anything is written, and out again."""
