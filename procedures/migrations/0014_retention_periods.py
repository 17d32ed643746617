import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0013_doubts_become_open_queries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionPeriod',
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
                ('years', models.PositiveSmallIntegerField(null=True)),
                ('ground', models.CharField(max_length=300)),
                ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('field', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retention_periods', to='procedures.field')),
                ('in_force_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('procedure', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retention_periods', to='procedures.procedure')),
            ],
            options={
                'ordering': ['field', 'procedure', '-number'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('field', 'procedure'), name='one_retention_in_force', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('field', 'procedure', 'number'), name='retention_number_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted']), models.Q(('in_force_at__isnull', False), ('number__isnull', False)), _connector='OR'), name='retention_in_force_is_numbered'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['replaced', 'undone']), ('ended_at__isnull', False)), models.Q(models.Q(('status__in', ['replaced', 'undone']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='retention_ends_when_over'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted']), ('editors', []), models.Q(('in_force_by__isnull', False), models.Q(('editors__contains', [models.F('in_force_by')]), _negated=True)), _connector='OR'), name='retention_by_a_second_person'), models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'submitted'])), fields=('field', 'procedure'), name='retention_one_draft', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('field__isnull', False), ('procedure__isnull', True)), models.Q(('field__isnull', True), ('procedure__isnull', False)), _connector='OR'), name='retention_of_one_thing'), models.CheckConstraint(condition=models.Q(('years__isnull', True), ('years__gte', 1), _connector='OR'), name='retention_a_year_at_least'), models.CheckConstraint(condition=models.Q(('ground', ''), _negated=True), name='retention_has_its_ground')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionperiod',
            trigger=pgtrigger.compiler.Trigger(name='immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'draft')", func='RAISE EXCEPTION \'pgtrigger: Cannot update of "field_id", "procedure_id", "years", "ground", "editors" rows from % table\', TG_TABLE_NAME;', hash='2715d70af48c80ba6c590a49ff0a43d051f92f44', operation='UPDATE OF "field_id", "procedure_id", "years", "ground", "editors"', pgid='pgtrigger_immutable_9728f', table='procedures_retentionperiod', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionperiod',
            trigger=pgtrigger.compiler.Trigger(name='decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status NOT IN ('draft', 'submitted'))", func='RAISE EXCEPTION \'pgtrigger: Cannot update of "number", "in_force_at", "in_force_by_id" rows from % table\', TG_TABLE_NAME;', hash='8df9d0880ee3bfed8b3bb3370971a990961de6fd', operation='UPDATE OF "number", "in_force_at", "in_force_by_id"', pgid='pgtrigger_decided_once_586f6', table='procedures_retentionperiod', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionperiod',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status NOT IN ('draft', 'submitted'))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8f3748b5173feffaf7e33db597c9e73de9d09e78', operation='DELETE', pgid='pgtrigger_kept_a436a', table='procedures_retentionperiod', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionperiod',
            trigger=pgtrigger.compiler.Trigger(name='one_way', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{draft:submitted,submitted:draft,submitted:in_force,in_force:replaced,in_force:undone,replaced:in_force}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='b2577f3ecd47e623b99f05adce3e2bbb0aa4babd', operation='UPDATE', pgid='pgtrigger_one_way_ce66a', table='procedures_retentionperiod', when='BEFORE')),
        ),
    ]
