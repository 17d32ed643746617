import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_papers_of_people_without_a_number'),
        ('agencies', '0001_initial'),
        ('dossiers', '0033_indexes_that_are_asked'),
        ('procedures', '0014_retention_periods'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DestructionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_on', models.DateField()),
                ('kept_reason', models.CharField(blank=True, max_length=300)),
                ('kept_until', models.DateField(null=True)),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('hindrance', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DestructionList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('editors', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('edited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edited_label', models.CharField(blank=True, max_length=200)),
                ('number', models.PositiveIntegerField(null=True)),
                ('status', models.CharField(choices=[('draft', 'Bản nháp'), ('submitted', 'Chờ người thứ hai'), ('in_force', 'Đang áp dụng'), ('replaced', 'Đã thay thế'), ('undone', 'Đã hủy áp dụng')], default='draft', max_length=9)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('in_force_at', models.DateTimeField(null=True)),
                ('in_force_label', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('returned_reason', models.CharField(blank=True, max_length=500)),
                ('ended_at', models.DateTimeField(null=True)),
                ('uid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('paper_code', models.CharField(blank=True, max_length=24)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='dossier',
            name='destroyed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('destroyed_at__isnull', True), models.Q(('answers', {}), ('contact_address', ''), ('contact_email', ''), ('contact_phone', ''), ('content', ''), ('fee_facts', {}), ('ground_note', ''), ('owner_name', ''), ('return_address', ''), ('search_vector__isnull', True), ('sort_key', ''), ('state__in', (3, 7, 8, 10))), _connector='OR'), name='dossier_destroyed_is_empty'),
        ),
        migrations.AddField(
            model_name='destructionitem',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destructions', to='dossiers.dossier'),
        ),
        migrations.AddField(
            model_name='destructionitem',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.retentionperiod'),
        ),
        migrations.AddField(
            model_name='destructionlist',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AddField(
            model_name='destructionlist',
            name='edited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='destructionlist',
            name='in_force_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='destructionitem',
            name='list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='dossiers.destructionlist'),
        ),
        migrations.AddIndex(
            model_name='destructionlist',
            index=models.Index(fields=['agency', '-id'], name='destruction_of_agency'),
        ),
        migrations.AddConstraint(
            model_name='destructionlist',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('uid',), name='one_destruction_in_force', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='destructionlist',
            constraint=models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('uid', 'number'), name='destruction_number_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='destructionlist',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted']), models.Q(('in_force_at__isnull', False), ('number__isnull', False)), _connector='OR'), name='destruction_in_force_is_numbered'),
        ),
        migrations.AddConstraint(
            model_name='destructionlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['replaced', 'undone']), ('ended_at__isnull', False)), models.Q(models.Q(('status__in', ['replaced', 'undone']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='destruction_ends_when_over'),
        ),
        migrations.AddConstraint(
            model_name='destructionlist',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted']), ('editors', []), models.Q(('in_force_by__isnull', False), models.Q(('editors__contains', [models.F('in_force_by')]), _negated=True)), _connector='OR'), name='destruction_by_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='destructionlist',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'submitted'])), fields=('agency',), name='destruction_one_list_of_an_agency'),
        ),
        migrations.AddConstraint(
            model_name='destructionlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('paper_code', '')), models.Q(('finished_at__isnull', False), ('status', 'in_force'), models.Q(('paper_code', ''), _negated=True)), _connector='OR'), name='destruction_finished_is_certified'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destructionlist',
            trigger=pgtrigger.compiler.Trigger(name='immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'draft')", func='RAISE EXCEPTION \'pgtrigger: Cannot update of "uid", "agency_id", "editors" rows from % table\', TG_TABLE_NAME;', hash='09ed6dd59b0aca75765258d9035f52d390a7ed3a', operation='UPDATE OF "uid", "agency_id", "editors"', pgid='pgtrigger_immutable_65796', table='dossiers_destructionlist', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destructionlist',
            trigger=pgtrigger.compiler.Trigger(name='decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status NOT IN ('draft', 'submitted'))", func='RAISE EXCEPTION \'pgtrigger: Cannot update of "number", "in_force_at", "in_force_by_id" rows from % table\', TG_TABLE_NAME;', hash='403b94345c14a42c182e71c748b00fc504137e5f', operation='UPDATE OF "number", "in_force_at", "in_force_by_id"', pgid='pgtrigger_decided_once_1d6b9', table='dossiers_destructionlist', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destructionlist',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status NOT IN ('draft', 'submitted'))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a267120b4c47181a192dbc54eb61da89fc1f8083', operation='DELETE', pgid='pgtrigger_kept_4bafc', table='dossiers_destructionlist', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destructionlist',
            trigger=pgtrigger.compiler.Trigger(name='one_way', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{draft:submitted,submitted:draft,submitted:in_force,in_force:replaced,in_force:undone,replaced:in_force}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='1adfe01e8c5f26a66fd193e86d8f277c6c3c0e23', operation='UPDATE', pgid='pgtrigger_one_way_84bdb', table='dossiers_destructionlist', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='destructionitem',
            constraint=models.UniqueConstraint(fields=('list', 'dossier'), name='destruction_item_once'),
        ),
        migrations.AddConstraint(
            model_name='destructionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept_reason', ''), ('kept_until__isnull', True)), models.Q(models.Q(('kept_reason', ''), _negated=True), ('destroyed_at__isnull', True), ('kept_until__isnull', False)), _connector='OR'), name='kept_with_reason_and_end'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destructionitem',
            trigger=pgtrigger.compiler.Trigger(name='as_submitted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF (SELECT status FROM dossiers_destructionlist WHERE id = NEW.list_id) <> 'draft' THEN\n                        RAISE EXCEPTION 'the items of a submitted list stay as they are';\n                    END IF;\n                    RETURN NEW;\n                ", hash='aba44671971a9ed4ced770ac36473779ebf96f02', operation='INSERT OR UPDATE OF "list_id", "dossier_id", "period_id", "ended_on", "kept_reason", "kept_until"', pgid='pgtrigger_as_submitted_64bcd', table='dossiers_destructionitem', when='BEFORE')),
        ),
    ]
