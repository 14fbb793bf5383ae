"""One folder per noun of the field; see app/README.md for who may import whom.

A foreign key takes its type from the column it refers to. So every table is made known here, before any feature
builds a statement: otherwise the order of imports would decide whether a statement can convert its values.
"""

from app.core.db import import_models

import_models()
