"""What stands on the page of today, and for how long. Pure."""

from datetime import timedelta
from typing import Final

RETURNED_SHOWN: Final = timedelta(days=30)
"""How long a returned record is offered for correction on the page of today; then it rests among the records."""
ROWS_SHOWN: Final = 3
"""Records of one card; the rest is behind its link."""
CORRECTED_AT: Final = {"study.record": "/study/new?corrects={id}"}
"""Where a returned record of a kind is corrected."""
