from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "apps.records"
    label = "records"
    verbose_name = "记录"

    def ready(self) -> None:
        autodiscover_modules("records")
