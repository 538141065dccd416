"""What a word is, for every search: how it is cut out of a text, and which spellings are one word.

A word is a longest run of letters, marks, digits and connectors (`_`); everything else separates,
also a hyphen, a slash, an apostrophe and a full stop ("S-400/S-300" has four words, "talks.Baku"
two). Of scripts without spaces between words each letter is a word. Invisible characters (soft
hyphen, joiners, marks of direction) are not there.

Words are equal when they differ in upper and lower case, in accents, or in forms that Unicode
calls compatible (NFKD: composed and decomposed, wide and narrow). The four Turkish i are one
letter, for no language is known of a search; ß and ẞ are ss.

The same is written three times, and tests hold them together: here, in the database (migration
"words", whose index has to know words without Python), and in surface/text/search-folding.js
(the page's own find). The tables are fixed instead of asked of Unicode's data, of which each of the
three has another version. They are Unicode 14's; a change needs a migration that builds the
indexes anew.
"""

from __future__ import annotations

import re
from unicodedata import normalize

MOST_WORDS = 20  # of a search
LONGEST_WORD = 255  # code points; what is longer is cut

# Categories Z, C, S and P but Pc, without the invisible ones; and U+02BC, one of the apostrophes.
SEPARATORS = (
    "\u0001-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u00a9\u00ab-\u00ac\u00ae-\u00b1\u00b4"
    "\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u02bc\u02c2-\u02c5\u02d2-\u02df\u02e5-\u02eb\u02ed"
    "\u02ef-\u02ff\u0375\u037e\u0384-\u0385\u0387\u03f6\u0482\u055a-\u055f\u0589-\u058f\u05be"
    "\u05c0\u05c3\u05c6\u05f3-\u060f\u061b\u061d-\u061f\u066a-\u066d\u06d4\u06dd-\u06de\u06e9"
    "\u06fd-\u06fe\u0700-\u070f\u07f6-\u07f9\u07fe-\u07ff\u0830-\u083e\u085e\u0888\u0890-\u0891"
    "\u08e2\u0964-\u0965\u0970\u09f2-\u09f3\u09fa-\u09fb\u09fd\u0a76\u0af0-\u0af1\u0b70"
    "\u0bf3-\u0bfa\u0c77\u0c7f\u0c84\u0d4f\u0d79\u0df4\u0e3f\u0e4f\u0e5a-\u0e5b\u0f01-\u0f17"
    "\u0f1a-\u0f1f\u0f34\u0f36\u0f38\u0f3a-\u0f3d\u0f85\u0fbe-\u0fc5\u0fc7-\u0fda\u104a-\u104f"
    "\u109e-\u109f\u10fb\u1360-\u1368\u1390-\u1399\u1400\u166d-\u166e\u1680\u169b-\u169c"
    "\u16eb-\u16ed\u1735-\u1736\u17d4-\u17d6\u17d8-\u17db\u1800-\u180a\u1940-\u1945\u19de-\u19ff"
    "\u1a1e-\u1a1f\u1aa0-\u1aa6\u1aa8-\u1aad\u1b5a-\u1b6a\u1b74-\u1b7e\u1bfc-\u1bff\u1c3b-\u1c3f"
    "\u1c7e-\u1c7f\u1cc0-\u1cc7\u1cd3\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef"
    "\u1ffd-\u200b\u2010-\u2029\u202f-\u203e\u2041-\u2053\u2055-\u205f\u207a-\u207e\u208a-\u208e"
    "\u20a0-\u20c0\u2100-\u2101\u2103-\u2106\u2108-\u2109\u2114\u2116-\u2118\u211e-\u2123\u2125"
    "\u2127\u2129\u212e\u213a-\u213b\u2140-\u2144\u214a-\u214d\u214f\u218a-\u244a\u249c-\u24e9"
    "\u2500-\u2775\u2794-\u2bff\u2ce5-\u2cea\u2cf9-\u2cfc\u2cfe-\u2cff\u2d70\u2e00-\u2e2e"
    "\u2e30-\u3004\u3008-\u3020\u3030\u3036-\u3037\u303d-\u303f\u309b-\u309c\u30a0\u30fb"
    "\u3190-\u3191\u3196-\u319f\u31c0-\u31e3\u3200-\u321e\u322a-\u3247\u3250\u3260-\u327f"
    "\u328a-\u32b0\u32c0-\u33ff\u4dc0-\u4dff\ua490-\ua4c6\ua4fe-\ua4ff\ua60d-\ua60f\ua673\ua67e"
    "\ua6f2-\ua716\ua720-\ua721\ua789-\ua78a\ua828-\ua82b\ua836-\ua839\ua874-\ua877\ua8ce-\ua8cf"
    "\ua8f8-\ua8fa\ua8fc\ua92e-\ua92f\ua95f\ua9c1-\ua9cd\ua9de-\ua9df\uaa5c-\uaa5f\uaa77-\uaa79"
    "\uaade-\uaadf\uaaf0-\uaaf1\uab5b\uab6a-\uab6b\uabeb\ue000-\uf8ff\ufb29\ufbb2-\ufbc2"
    "\ufd3e-\ufd4f\ufdcf\ufdfc-\ufdff\ufe10-\ufe19\ufe30-\ufe32\ufe35-\ufe4c\ufe50-\ufe6b"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff65\uffe0-\ufffd\U00010100-\U00010102"
    "\U00010137-\U0001013f\U00010179-\U00010189\U0001018c-\U000101fc\U0001039f\U000103d0"
    "\U0001056f\U00010857\U00010877-\U00010878\U0001091f\U0001093f\U00010a50-\U00010a58\U00010a7f"
    "\U00010ac8\U00010af0-\U00010af6\U00010b39-\U00010b3f\U00010b99-\U00010b9c\U00010ead"
    "\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047-\U0001104d\U000110bb-\U000110c1"
    "\U000110cd\U00011140-\U00011143\U00011174-\U00011175\U000111c5-\U000111c8\U000111cd"
    "\U000111db\U000111dd-\U000111df\U00011238-\U0001123d\U000112a9\U0001144b-\U0001144f"
    "\U0001145a-\U0001145d\U000114c6\U000115c1-\U000115d7\U00011641-\U00011643"
    "\U00011660-\U0001166c\U000116b9\U0001173c-\U0001173f\U0001183b\U00011944-\U00011946"
    "\U000119e2\U00011a3f-\U00011a46\U00011a9a-\U00011a9c\U00011a9e-\U00011aa2"
    "\U00011c41-\U00011c45\U00011c70-\U00011c71\U00011ef7-\U00011ef8\U00011fd5-\U00011fff"
    "\U00012470-\U00012474\U00012ff1-\U00012ff2\U00013430-\U00013438\U00016a6e-\U00016a6f"
    "\U00016af5\U00016b37-\U00016b3f\U00016b44-\U00016b45\U00016e97-\U00016e9a\U00016fe2"
    "\U0001bc9c\U0001bc9f-\U0001bca3\U0001cf50-\U0001d164\U0001d16a-\U0001d16c"
    "\U0001d173-\U0001d17a\U0001d183-\U0001d184\U0001d18c-\U0001d1a9\U0001d1ae-\U0001d241"
    "\U0001d245\U0001d300-\U0001d356\U0001d6c1\U0001d6db\U0001d6fb\U0001d715\U0001d735\U0001d74f"
    "\U0001d76f\U0001d789\U0001d7a9\U0001d7c3\U0001d800-\U0001d9ff\U0001da37-\U0001da3a"
    "\U0001da6d-\U0001da74\U0001da76-\U0001da83\U0001da85-\U0001da8b\U0001e14f\U0001e2ff"
    "\U0001e95e-\U0001e95f\U0001ecac\U0001ecb0\U0001ed2e\U0001eef0-\U0001f0f5"
    "\U0001f10d-\U0001fbca\U000e0001-\U000e007f\U000f0000-\U0010fffd"
)
# Nonspacing marks that people leave out when they type; those of Indic scripts are vowels.
ACCENTS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u1ab0-\u1ace"
    "\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
INVISIBLE = "\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
# Thai, Lao, Tibetan, Myanmar, Khmer, Hiragana and Han; Katakana words do stand apart.
UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u309d-\u309f"
    "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# What belongs to such a letter: vowel and tone signs, voicing, variants.
WITH_UNSPACED = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f18-\u0f19"
    "\u0f35\u0f37\u0f39\u0f3e-\u0f3f\u0f71-\u0f84\u0f86-\u0f87\u0f8d-\u0fbc\u0fc6\u102b-\u103e"
    "\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f"
    "\u109a-\u109d\u17b4-\u17d3\u17dd\u302a-\u302f\u3099-\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
LETTERS = ("ıøłđħς", "ioldhσ")  # letters that Unicode does not take apart
LONG_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe"}

_SEPARATED = re.compile(f"[{SEPARATORS}]+")
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_UNSEEN = re.compile(f"[{ACCENTS}{INVISIBLE}]+")
_ALONE = re.compile(f"([{UNSPACED}][{WITH_UNSPACED}]*)")
_LETTERS = str.maketrans({**dict(zip(*LETTERS, strict=True)), **LONG_LETTERS})


def words_of(text: str) -> list[str]:
    """The words in their order, folded; at most 255 code points of each.

    >>> words_of("S-400/S-300 in İSTANBUL, 27/09/2020")
    ['s', '400', 's', '300', 'in', 'istanbul', '27', '09', '2020']
    """
    return [word[:LONGEST_WORD] for word in spaced(text).split(" ") if word]


def spaced(text: str) -> str:
    """The words, folded and in their order, with a space between any two.

    A name has a part, however both are written, when what this gives of the name contains what it
    gives of the part.

    >>> spaced("Ö’Brien, S–300")
    'o brien s 300'
    """
    seen = _SEPARATED.sub(" ", _INVISIBLE.sub("", text))
    return _SEPARATED.sub(" ", fold(_ALONE.sub(r" \1 ", seen))).strip(" ")


def fold(text: str) -> str:
    """The text as it is compared: without capitals, accents and what is invisible.

    >>> fold("Straße, STRAẞE, Erdoğan")
    'strasse, strasse, erdogan'
    """
    return _UNSEEN.sub("", normalize("NFKD", text).lower()).translate(_LETTERS)


def is_separator(character: str) -> bool:
    """Whether no word goes on over it; what is invisible separates nothing."""
    return _SEPARATED.match(character) is not None


def is_unspaced(character: str) -> bool:
    """Whether it is a word by itself, of a script without spaces."""
    return _ALONE.match(character) is not None


def searched(q: str) -> list[list[str]]:
    """The words of each part of a search, at most 20 parts; parts without words are left out.

    >>> searched("Armenia - S-300")
    [['armenia'], ['s', '300']]
    """
    parts = (words_of(part) for part in q.split())
    return [words for words in parts if words][:MOST_WORDS]
