"""Settings of the benchmark: those of the product, with plain static files."""

from talentwork.settings import *  # noqa: F403
from talentwork.settings import DATABASES, STORAGES

# Names of static files without digests: there is nothing to collect first.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

if not DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": "talentwork_benchmark"}
