"""Django's own admin with django-import-export over the same people, measured in the same run."""
