"""No new span begins or ends with white space; what was written before stays as it is."""

from django.db import migrations

# As BLANK of text/spans.py.
BLANK = (
    r"E'\t\n\x0b\f\r\x1c\x1d\x1e\x1f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    r"\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'"
)
# On inserts alone, since a constraint would also be asked when an older row changes its state.
TRIGGERS = f"""
CREATE TRIGGER span_is_trimmed BEFORE INSERT ON annotations_span
    FOR EACH ROW WHEN (NEW.exact <> btrim(NEW.exact, {BLANK}))
    EXECUTE FUNCTION imprimatur_immutable('span_is_trimmed', 'A span begins and ends with other than white space.');
CREATE TRIGGER suggestion_is_trimmed BEFORE INSERT ON annotations_suggestion
    FOR EACH ROW WHEN (NEW.exact <> btrim(NEW.exact, {BLANK}))
    EXECUTE FUNCTION imprimatur_immutable('suggestion_is_trimmed', 'A suggestion begins and ends with other than white space.');
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0022_confirmed_addresses")]

    operations = [migrations.RunSQL(TRIGGERS, elidable=False)]
