"""Keys of records and other whole numbers as they stand in addresses and forms."""

LONGEST = 18  # digits; what is longer fits no column


def parse_key(text: str) -> int | None:
    """The number, or None for what cannot be one; never an error."""
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= LONGEST else None
