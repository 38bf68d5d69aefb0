from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "apps.funds"
    label = "funds"
    verbose_name = "政策资金"
