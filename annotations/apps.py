from importlib import import_module

from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("annotations.web.accounts.log_lines")  # connects its receivers
        import_module("annotations.web.accounts.second_factor_log_lines")  # connects its receivers
