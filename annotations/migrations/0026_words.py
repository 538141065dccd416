"""What a word is, for the indexes of 0027: the same as in annotations/text/words.py.

A test compares the two. The tables are those of that module: a change of them there needs a
migration that makes these functions and the indexes anew.
"""

from django.db import migrations

from annotations.text.words import ACCENTS, INVISIBLE, SEPARATORS, UNSPACED, WITH_UNSPACED

# Each is one expression, which the planner puts in place of the call. Texts of ASCII alone, which
# are most, take the short way. Nothing depends on the locale of the database.
FUNCTIONS = f"""
CREATE FUNCTION imprimatur_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(replace(translate(regexp_replace(
        lower(normalize(said, NFKD) COLLATE pg_catalog."pg_c_utf8"),
        '[{ACCENTS}{INVISIBLE}]+', '', 'g'),
        'ıøłđħς', 'ioldhσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');

CREATE FUNCTION imprimatur_spaced(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN octet_length(said) = char_length(said)
        THEN regexp_replace(lower(said COLLATE pg_catalog."C"), '[^0-9a-z_]+', ' ', 'g')
        ELSE regexp_replace(imprimatur_folded(regexp_replace(regexp_replace(regexp_replace(
            said, '[{INVISIBLE}]+', '', 'g'),
            '[{SEPARATORS}]+', ' ', 'g'),
            '([{UNSPACED}][{WITH_UNSPACED}]*)', ' \\1 ', 'g')),
            '[{SEPARATORS}]+', ' ', 'g')
        END;

-- An index has no words of more than 2,046 bytes, so longer ones are cut.
CREATE FUNCTION imprimatur_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (CASE WHEN char_length(said) > 100
        THEN regexp_replace(imprimatur_spaced(said), '([^ ]{{255}})[^ ]+', '\\1', 'g')
        ELSE imprimatur_spaced(said)
        END)::tsvector;

-- Escapes of JSON would look like letters.
CREATE FUNCTION imprimatur_field_text(fields jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN left(regexp_replace(jsonb_path_query_array(fields, '$.*')::text,
        '\\\\(u[0-9a-f]{{4}}|.)', ' ', 'g'), 100000);
"""
BACK = """
DROP FUNCTION imprimatur_field_text(jsonb);
DROP FUNCTION imprimatur_words(text);
DROP FUNCTION imprimatur_spaced(text);
DROP FUNCTION imprimatur_folded(text);
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0025_keys_end")]

    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
