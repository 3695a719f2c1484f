"""Names as they are compared in a search: without accents, case, marks of vowels, and variants of Arabic letters."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

# After the letters are taken apart, a hamza or madda on an alef, yeh or waw is a mark like an accent.
LETTERS = (
    ("\u0649", "\u064a"), ("\u06cc", "\u064a"),  # alef maksura and Persian yeh: yeh
    ("\u0629", "\u0647"), ("\u0671", "\u0627"),  # teh marbuta: heh; alef wasla: alef
    ("\u06a9", "\u0643"),  # Persian kaf: kaf
    ("\u02bb", " "), ("\u02bc", " "), ("\u02be", " "), ("\u02bf", " "),  # apostrophes that are letters
    ("ß", "ss"), ("ς", "σ"), ("æ", "ae"), ("œ", "oe"), ("ø", "o"), ("ı", "i"), ("đ", "d"), ("ł", "l"),
)  # fmt: skip
MARKS = "[\\p{Mn}\u0640\u200c-\u200f]"  # accents, vowels, tatweel, signs of direction
BETWEEN = r"[^\p{L}\p{N}\n]+"  # hyphens, apostrophes, spaces
PLAIN_BETWEEN = (
    r"[^a-z0-9\n]+"  # the same of small ASCII letters; the classes of Unicode are slow to make ready
)
LEAST_CUT = 4  # letters of a text from which on it does not matter where it is cut into words


def folded(texts: pa.StringArray) -> pa.StringArray:
    """Each text as it is compared, shape (n,); a missing one is ""."""
    made = pc.utf8_lower(pc.fill_null(texts, ""))
    plain, between = pc.string_is_ascii(made), PLAIN_BETWEEN
    if not pc.all(plain).as_py():  # the long way is for the few that need it
        made = pc.replace_with_mask(made, pc.invert(plain), _without_marks(made.filter(pc.invert(plain))))
        between = BETWEEN
    return pc.utf8_trim(pc.replace_substring_regex(made, between, " "), " ")


def _without_marks(texts: pa.StringArray) -> pa.StringArray:
    made = pc.replace_substring_regex(pc.utf8_normalize(texts, "NFKD"), MARKS, "")
    made = pc.utf8_lower(made)
    for letter, plain in LETTERS:
        made = pc.replace_substring(made, letter, plain)
    return made


def fold(text: str) -> str:
    """One text as it is compared."""
    found: str = folded(pa.array([text], type=pa.string()))[0].as_py()
    return found


def however_cut(wanted: str) -> str:
    """A pattern of a folded text that is cut into words anywhere or nowhere, as `petionville` and `petion ville` are.

    A text of less than `LEAST_CUT` letters is a pattern of itself alone: it would be found across words everywhere.
    """
    letters = wanted.replace(" ", "")
    return " ?".join(letters) if len(letters) >= LEAST_CUT else wanted


def begins_word(wanted: str) -> str:
    """The pattern of names, a line each, in which a word begins with a folded text, however it is cut into words."""
    return f"(?:^|[ \n]){however_cut(wanted)}"
