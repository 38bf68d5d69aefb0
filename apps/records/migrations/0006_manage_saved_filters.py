from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_log_attachments"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="savedfilter",
            options={
                "default_permissions": (),
                "ordering": ["name"],
                "permissions": [("manage_savedfilter", "删除他人共享的常用筛选")],
                "verbose_name": "常用筛选",
                "verbose_name_plural": "常用筛选",
            },
        ),
    ]
