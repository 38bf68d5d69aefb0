from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.organizations"
    label = "organizations"
    verbose_name = "区划单位"

    def ready(self) -> None:
        from apps.organizations import services  # noqa: PLC0415 -- app ready
        from apps.records import menu  # noqa: PLC0415 -- app ready

        menu.register_place(services.district_name)
