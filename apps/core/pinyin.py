"""Pinyin of names, for search. Surnames are read as surnames (单 shan), and the everyday
reading is kept too.
"""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "任": "ren",
    "盖": "ge", "华": "hua", "朴": "piao", "尹": "yin", "黑": "he", "员": "yun", "召": "shao",
    "秘": "bi", "冼": "xian", "折": "she", "覃": "qin", "宓": "mi", "乐": "yue", "翟": "zhai",
    "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "澹台": "tantai", "令狐": "linghu",
}  # fmt: skip


LONGEST_PERSON_NAME = 4


@lru_cache(maxsize=100_000)
def search_text(name: str) -> str:
    """Name, full pinyin and initials in one lower-case line; surnames with two readings give
    both.
    """
    parts = [name.lower()]
    for syllables in _readings(name):
        full, initials = "".join(syllables), "".join(s[0] for s in syllables)
        parts += [part for part in (full, initials) if part not in parts]
    return " ".join(parts)


def _readings(name: str) -> list[list[str]]:
    common = _syllables(name)
    for length in (2, 1):
        reading = SURNAME_READINGS.get(name[:length])
        if reading and len(name) > length:
            return [[reading, *_syllables(name[length:])], common]
    return [common] if common else []


def _syllables(text: str) -> list[str]:
    """By character in the name of a person, by word in longer texts (重庆 is chongqing)."""
    parts = text if len(text) <= LONGEST_PERSON_NAME else (text,)
    return [syllable for part in parts for syllable in _read(part)]


@lru_cache(maxsize=50_000)
def _read(text: str) -> tuple[str, ...]:
    return tuple(s.lower() for s in lazy_pinyin(text, style=Style.NORMAL) if s.strip())
