from apps.talents.models.careers import Career, OrganisationKind, PublicRole
from apps.talents.models.honours import ExpertTitle, Recognition
from apps.talents.models.people import Person
from apps.talents.models.pools import Pool, PoolMembership
from apps.talents.models.qualifications import Education, Title

__all__ = [
    "Career",
    "Education",
    "ExpertTitle",
    "OrganisationKind",
    "Person",
    "Pool",
    "PoolMembership",
    "PublicRole",
    "Recognition",
    "Title",
]
