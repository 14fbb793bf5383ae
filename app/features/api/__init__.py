"""What other systems read here with a token: who may read what, and the addresses under ``/api/v1``."""
