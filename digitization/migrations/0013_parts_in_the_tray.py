from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('digitization', '0012_words_of_registered_documents'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='batchpart',
            index=models.Index(condition=models.Q(('state', 'tray')), fields=['batch'], name='batch_part_in_tray'),
        ),
    ]
