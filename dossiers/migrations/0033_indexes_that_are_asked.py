"""Indexes that a query asks for, and no others: each costs every action (docs/decisions/indexes-of-dossiers.md)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_papers_of_people_without_a_number'),
        ('agencies', '0001_initial'),
        ('digitization', '0008_uploads_of_connected_systems'),
        ('dossiers', '0032_tallies_of_more'),
        ('procedures', '0013_doubts_become_open_queries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='dossier',
            name='case',
            field=models.SlugField(blank=True, db_index=False),
        ),
        migrations.AlterField(
            model_name='dossierdocument',
            name='draft_file',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='digitization.storedfile'),
        ),
        migrations.AlterField(
            model_name='dossierdocument',
            name='signed_file',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='digitization.storedfile'),
        ),
        migrations.AlterField(
            model_name='dossierevent',
            name='account',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='dossierevent',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='dossierevent',
            name='post',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staffpost'),
        ),
        migrations.AlterField(
            model_name='folder',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='folders', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='foldermove',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AlterField(
            model_name='foldermove',
            name='desk',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.desk'),
        ),
        migrations.AlterField(
            model_name='foldermove',
            name='hand_over',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.handover'),
        ),
        migrations.AlterField(
            model_name='foldermove',
            name='holder',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staffpost'),
        ),
        migrations.AlterField(
            model_name='participation',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='steprun',
            name='act',
            field=models.SlugField(blank=True, db_index=False),
        ),
        migrations.AlterField(
            model_name='steprun',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AlterField(
            model_name='steprun',
            name='holder',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staffpost'),
        ),
        migrations.AlterField(
            model_name='steprun',
            name='key',
            field=models.SlugField(db_index=False),
        ),
        migrations.AddIndex(
            model_name='dossierdocument',
            index=models.Index(condition=models.Q(('draft_file__isnull', False)), fields=['draft_file'], name='document_draft'),
        ),
        migrations.AddIndex(
            model_name='dossierdocument',
            index=models.Index(condition=models.Q(('signed_file__isnull', False)), fields=['signed_file'], name='document_signed'),
        ),
        migrations.AddIndex(
            model_name='foldermove',
            index=models.Index(condition=models.Q(('hand_over__isnull', False)), fields=['hand_over'], name='moved_by_record'),
        ),
        migrations.AddIndex(
            model_name='steprun',
            index=models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['finished_at'], name='step_ended'),
        ),
        migrations.AddIndex(
            model_name='steprun',
            index=models.Index(condition=models.Q(('holder__isnull', False)), fields=['holder', 'finished_at'], name='step_held'),
        ),
    ]
