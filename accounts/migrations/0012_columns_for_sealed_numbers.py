from django.db import migrations

from core.sealed_field import SealedField


class Migration(migrations.Migration):
    """Makes room for sealed numbers; the next migration seals them, the one after holds that nothing else gets in."""

    dependencies = [("accounts", "0011_initial_passwords_end")]

    operations = [
        migrations.RemoveConstraint("person", "personal_number_digits"),
        migrations.RemoveConstraint("person", "identity_document_once"),
        migrations.RemoveConstraint("person", "identity_document_whole"),
        migrations.RemoveConstraint("person", "number_claimed_once"),
        migrations.AlterField(
            "person",
            "personal_number",
            SealedField("person.personal_number", shape=r"[0-9]{12}", max_length=12, null=True),
        ),
        migrations.AlterField(
            "person",
            "document_number",
            SealedField("person.document_number", shape=r"[A-Z0-9]{5,20}", max_length=20, blank=True),
        ),
        migrations.AlterField(
            "person", "claimed_number", SealedField("person.claimed_number", max_length=50, blank=True)
        ),
        migrations.RemoveIndex("registrylookup", "lookup_of_number"),
        migrations.AlterField("registrylookup", "number", SealedField("registry_lookup.number", max_length=40)),
        migrations.AlterField("account", "username", SealedField("account.username", max_length=150)),
        migrations.AlterField(
            "authorisation", "grantor_number", SealedField("authorisation.grantor_number", max_length=80)
        ),
    ]
