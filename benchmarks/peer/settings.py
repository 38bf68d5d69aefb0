"""Settings of the measuring process: the product, and the peer beside it."""

from benchmarks.settings import *  # noqa: F403
from benchmarks.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "import_export"]
ROOT_URLCONF = "benchmarks.peer.urls"
