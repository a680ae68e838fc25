from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_by_receipt'),
    ]

    operations = [
        migrations.AddField(
            model_name='pageimage',
            name='width',
            field=models.PositiveIntegerField(db_default=1600),
        ),
        migrations.RemoveConstraint(
            model_name='pageimage',
            name='page_image_once',
        ),
        migrations.AddConstraint(
            model_name='pageimage',
            constraint=models.UniqueConstraint(fields=('practice', 'document', 'page', 'width'), name='page_image_of_a_size_once'),
        ),
    ]
