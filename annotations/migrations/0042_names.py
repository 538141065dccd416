"""What a name is, and names that are none made some: those of people, desks, keys and sources."""

from django.db import migrations

from annotations.text.lines import as_line
from annotations.text.spans import BLANK

CONTROLS = "\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029"
BIDI = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff"
TRIMMED = "".join(f"\\{ord(each):04x}" for each in BLANK)
FUNCTIONS = f"""
CREATE FUNCTION imprimatur_is_trimmed(words text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN words <> '' AND words = btrim(words, U&'{TRIMMED}');

CREATE FUNCTION imprimatur_is_name(name text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN imprimatur_is_trimmed(name) AND btrim(name, U&'\\200c\\200d') <> ''
        AND name !~ '[{CONTROLS}]';

CREATE FUNCTION imprimatur_are_names(names text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT coalesce(bool_and(imprimatur_is_name(each)), true) FROM unnest(names) each);

CREATE FUNCTION imprimatur_is_name_of_person(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN imprimatur_is_name(name) AND name !~ '[{BIDI}]' AND name !~ '  ';
"""  # noqa: S608
BACK = """
DROP FUNCTION imprimatur_is_name_of_person(text);
DROP FUNCTION imprimatur_are_names(text[]);
DROP FUNCTION imprimatur_is_name(text);
DROP FUNCTION imprimatur_is_trimmed(text);
"""
NONE = {
    "user": ("imprimatur_is_name_of_person", "name", "split_part(email, '@', 1)"),
    "desk": ("imprimatur_is_name", "name", "slug"),
    "apikey": ("imprimatur_is_name", "name", "'A key'"),
    "source": ("imprimatur_is_trimmed", "title", "'Untitled'"),
}


def mend(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, (rule, column, instead) in NONE.items():
            wrong = f"FROM annotations_{table} WHERE NOT {rule}({column})"
            cursor.execute(f"SELECT id, {column}, {instead} {wrong}")
            for id, written, fallback in cursor.fetchall():
                name = written.strip(BLANK) if table == "source" else _seen(written, table)
                cursor.execute(
                    f"UPDATE annotations_{table} SET {column} = %s WHERE id = %s",  # noqa: S608
                    [name or fallback, id],
                )


def _seen(written: str, table: str) -> str:
    """Without what no name has."""
    line = " ".join(written.split())
    if table == "user":
        kept = "".join(each for each in line if each.isprintable() or each in "\u200c\u200d")
    else:
        kept = "".join(each for each in line if as_line(f"a{each}a"))
    return as_line(" ".join(kept.split()))


class Migration(migrations.Migration):
    dependencies = [("annotations", "0041_words_in_lists_filled")]

    operations = [
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.RunPython(mend, migrations.RunPython.noop),
    ]
