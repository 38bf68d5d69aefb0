"""Files of records: what is kept, under which rules, and how it is shown.

``keeping`` writes and reads, ``showing`` answers what a record has, ``kinds`` tells a file by its
content. Whoever may see a record may read its files; whoever may change it may add and remove them.
"""

from apps.records.attachments.keeping import attach, hand_out, of_record, read, remove
from apps.records.attachments.kinds import AttachmentRefused
from apps.records.attachments.showing import photos, shelf_of

__all__ = [
    "AttachmentRefused", "attach", "hand_out", "of_record", "photos", "read", "remove", "shelf_of",
]  # fmt: skip
