"""Keep in an index only the rows that it is asked for, and no index that nobody asks: of a folder's four references one
began an index anyway and two are never looked up."""

from django.db import migrations, models
from django.db.models import PROTECT, ForeignKey, Index, Q


def unindexed(to: str, *, null: bool) -> ForeignKey:
    return models.ForeignKey(to, PROTECT, null=null, related_name="+", db_index=False)


def index(model: str, name: str, *fields: str, of: str) -> migrations.AddIndex:
    condition = Q(**{f"{of}__isnull": False})
    return migrations.AddIndex(model_name=model, index=Index(fields=fields, name=name, condition=condition))


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0042_open_dossiers_by_index_alone")]

    operations = [
        index("dossier", "dossier_of_person", "owner_person", "-id", of="owner_person"),
        index("dossier", "dossier_of_enterprise", "owner_enterprise", "-id", of="owner_enterprise"),
        index("dossier", "dossier_of_desk", "help_desk", "-id", of="help_desk"),
        migrations.RemoveIndex(model_name="dossier", name="dossiers_do_owner_p_83cd49_idx"),
        migrations.RemoveIndex(model_name="dossier", name="dossiers_do_owner_e_c55876_idx"),
        migrations.AlterField("dossier", "help_desk", unindexed("agencies.desk", null=True)),
        index("folder", "folder_to_send", "agency", "wanted_at", of="wanted_at"),
        index("folder", "folder_to_come", "wanted_at", of="wanted_at"),
        migrations.AlterField("folder", "agency", unindexed("agencies.agency", null=False)),
        migrations.AlterField("folder", "desk", unindexed("agencies.desk", null=True)),
        migrations.AlterField("folder", "holder", unindexed("accounts.staffpost", null=True)),
        migrations.AlterField("folder", "wanted_at", unindexed("agencies.agency", null=True)),
    ]
