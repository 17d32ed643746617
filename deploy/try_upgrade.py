"""Try whether the database of an earlier commit comes through today's migrations without loss.

    .venv/bin/python deploy/try_upgrade.py COMMIT [--dossiers 120] [--renamed TABLE=TABLE TABLE.COLUMN=COLUMN …]

The earlier code makes a data folder with its own servers, migrates, loads the demonstration and simulates months in it.
Then today's servers and migrations take the folder over, and both pictures are compared: rows of every table, and a
digest of every column.
Errors (exit 1): a table or column gone, a row lost. Columns whose values a migration rewrote are listed for a person to
judge. Nothing of an existing data folder is touched.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from oss_portal import engines  # noqa: E402
from oss_portal.engines.folder import DataFolder  # noqa: E402

ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
# What migrations call otherwise by now; a column goes by its table's earlier name.
RENAMED = (
    "dossiers_recalendar=dossiers_deadlinerecalculation",
    "dossiers_moveddate.recalendar_id=recalculation_id",
    "notices_wording.at=edited_at",
    "notices_wording.by=edited_label",
    "notices_wording.version=number",
    "papers_papertemplate.made_at=edited_at",
    "papers_papertemplate.made_by=edited_label",
    "papers_papertemplate.state=status",
    "papers_papertemplate.version=number",
    "papers_papertemplate.valid_from=in_force_at",
    "papers_papertemplate.approved_by=in_force_label",
    "procedures_doubt=procedures_openquery",
    "procedures_confirmationitem.doubt_id=open_query_id",
    "procedures_route.doubts=open_queries",
)
# What migrations ended, and where it is now.
ENDED = {
    "dossiers_dossier.pin_hash": "PINs hold for a day and stand in dossiers_trackingpin",
    "dossiers_dossier.route": "each route stands once in dossiers_plannedroute, by planned_route_id",
    "papers_papertemplate.maker": "edited_by_id",
    "papers_papertemplate.approver": "in_force_by_id",
}
BOOKKEEPING = {"django_migrations", "django_content_type", "auth_permission"}
Picture = dict[str, tuple[int, dict[str, str]]]


def picture_of(address: str) -> Picture:
    """Rows, and the digest of each column's values in the order of the primary key, by table."""
    found: Picture = {}
    with psycopg.connect(address) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1, 2"
        ).fetchall()
        tables: dict[str, list[str]] = {}
        for table, column in columns:
            tables.setdefault(table, []).append(column)
        for table, names in tables.items():
            order = sql.Identifier("id") if "id" in names else sql.SQL("1")
            parts = [
                sql.SQL("md5(coalesce(string_agg(coalesce({0}::text, '<null>'), chr(10) ORDER BY {1}), ''))").format(
                    sql.Identifier(name), order if "id" in names else sql.SQL("t::text")
                )
                for name in names
            ]
            query = sql.SQL("SELECT count(*), {} FROM {} AS t").format(sql.SQL(", ").join(parts), sql.Identifier(table))
            row = connection.execute(query).fetchone()
            assert row is not None
            found[table] = row[0], dict(zip(names, row[1:], strict=True))
    return found


def compare_pictures(before: Picture, after: Picture) -> tuple[list[str], list[str]]:
    """(losses, columns with other values than before)."""
    losses, rewritten = [], []
    for table, (rows, columns) in before.items():
        if table in BOOKKEEPING:
            continue
        if table not in after:
            losses.append(f"table {table} ({rows} rows) is gone")
            continue
        left, now = after[table]
        if left < rows:
            losses.append(f"{table}: {rows} rows before, {left} after")
        for name, digest in columns.items():
            if name not in now:
                if f"{table}.{name}" in ENDED:
                    continue
                losses.append(f"{table}.{name} is gone")
            elif now[name] != digest and left == rows:
                rewritten.append(f"{table}.{name}")
        if left > rows:
            rewritten.append(f"{table}: {left - rows} rows more")
    return losses, rewritten


def follow_renames(before: Picture, renames: list[str]) -> Picture:
    """The picture with today's names of tables and columns; a column is named by its table's name of before."""
    tables = dict(each.split("=") for each in renames if "." not in each)
    columns = dict(each.split("=") for each in renames if "." in each)
    return {
        tables.get(table, table): (rows, {columns.get(f"{table}.{name}", name): value for name, value in found.items()})
        for table, (rows, found) in before.items()
    }


def manage(where: Path, data: DataFolder, *command: str) -> None:
    """Run a command of the code in `where`, which starts its servers in the data folder or attaches to them."""
    print(f"$ manage.py {' '.join(command)}  ({'then' if where != ROOT else 'now'})", flush=True)
    python = where / ".venv" / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
    environment["DATA_DIR"] = str(data.root)
    subprocess.run([python, "manage.py", *command], cwd=where, env=environment, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("commit")
    asked.add_argument("--dossiers", type=int, default=120)
    asked.add_argument("--renamed", nargs="*", default=[], help="names besides RENAMED")
    given = asked.parse_args()
    for name in ADDRESSES:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="upgrade-") as folder:
        Path(folder).chmod(0o755)  # the system user that runs PostgreSQL for root passes through it
        then, data = Path(folder) / "then", DataFolder(Path(folder) / "data")
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(then), given.commit], cwd=ROOT, check=True)
        try:
            subprocess.run(["make", "setup"], cwd=then, check=True, stdout=subprocess.DEVNULL)
            for command in (["migrate"], ["demo"], ["simulate", "--dossiers", str(given.dossiers)]):
                manage(then, data, *command)
            owner = engines.ensure(data, durable=False).owner_url
            before = picture_of(owner)
            manage(ROOT, data, "migrate")
            after = picture_of(owner)
            # The last as every start does: the catalogue of now takes the place of the older one.
            for check in ("check_references", "check_involvements", "verify_figures", "demo"):
                manage(ROOT, data, check)
        finally:
            engines.release(data)
            subprocess.run(["git", "worktree", "remove", "--force", str(then)], cwd=ROOT, check=True)
    losses, rewritten = compare_pictures(follow_renames(before, [*RENAMED, *given.renamed]), after)
    print(f"{sum(rows for rows, _ in before.values())} rows in {len(before)} tables before")
    print("rewritten: " + (", ".join(rewritten) or "nothing"))
    print("lost: " + ("; ".join(losses) or "nothing"))
    return 1 if losses else 0


if __name__ == "__main__":
    sys.exit(main())
