"""Opens Django for the commands that need it."""

import os


def open_project() -> None:
    """Load the settings and the areas; from here on tables may be used."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "liasse.config.settings"
    import django

    django.setup()


def migrate() -> bool:
    """Bring the tables up to date; False when they were."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True
