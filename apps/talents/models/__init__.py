from apps.talents.models.people import Person
from apps.talents.models.pools import Pool, PoolMembership
from apps.talents.models.qualifications import Education, Title

__all__ = ["Education", "Person", "Pool", "PoolMembership", "Title"]
