"""Bytes of a file -> text, whatever people saved it in."""

from __future__ import annotations

import codecs
import re

from .faults import EXAMPLE, NotationError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
# In the order in which they are believed where a guess finds nothing; each but the last refuses most of what is not its own.
_LIKELY = ("gb18030", "cp932", "euc_jp", "euc_kr", "big5", "cp1251", "koi8_r", "cp1252", "latin_1")
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_PLAIN_WORDS = {
    "gb18030": "GB18030 (GBK)",
    "cp932": "Shift-JIS",
    "cp1252": "Windows-1252 (Latin-1)",
    "latin_1": "Latin-1",
}


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding in words where it was guessed ('' where it is plain).

    Asked in turn: a byte order mark; UTF-8; the encoding that the first two lines declare (PEP 263); UTF-16 without a
    mark; a guess. Raises NotationError for bytes that are no text in any of them.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = _try(data, name)
            if text is not None:
                return text.removeprefix("\ufeff"), ""
    if (text := _try(data, "utf-8")) is not None and "\0" not in text:
        return text, ""
    if (match := _DECLARED.match(data)) and (text := _try(data, match[1].decode())) is not None:
        return text, ""
    if b"\0" in data:
        even, odd = data[0::2].count(0), data[1::2].count(0)
        if (
            max(even, odd) > len(data) // 5
            and (text := _try(data, "utf-16-be" if even > odd else "utf-16-le")) is not None
        ):
            return text, "UTF-16"
        raise NotationError(1, 1, "the file is not a text", EXAMPLE)
    return _guess(data)


def _guess(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # takes 50 ms to load, and is seldom needed

    # Only lines that tell something, so that a long program costs no more than a short one.
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[: 32 * 1024]
    best = from_bytes(telling, cp_isolation=list(_LIKELY), enable_fallback=False).best()
    for name in (*([best.encoding] if best else []), *_LIKELY):
        text = _try(data, name)
        if text is not None and not _NO_TEXT.search(text):
            return text, _PLAIN_WORDS.get(name, name)
    raise NotationError(1, 1, "the file is not a text", EXAMPLE)


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)  # refuses codecs that are no text's
    except (LookupError, ValueError):
        return None
