"""Fictional names, identity numbers and telephone numbers."""

import datetime
from random import Random

from apps.core.identity import id_check_character

REGION = "520398"  # a region code that is not assigned
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE = ("欧阳", "诸葛", "上官", "司马", "令狐")
MEN = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆林峰志建国德海"
WOMEN = "芳娜敏静丽艳娟霞玲秀英慧雪琳倩怡欣兰梅燕红婷洁云思佳晓宁玉春"
RARE = ("张䶮", "李㛃", "陈𬭎")  # characters that common fonts lack


def person_name(random: Random, man: bool) -> str:
    """A name of two or three characters, now and then with a surname of two."""
    surname = random.choice(DOUBLE) if random.random() < 0.015 else random.choice(SURNAMES)
    given = MEN if man else WOMEN
    return surname + "".join(random.choices(given, k=1 if random.random() < 0.25 else 2))


def identity_number(born: datetime.date, order: int, man: bool) -> str:
    """A number whose order part is odd for a man; ``order`` tells people of one birthday apart."""
    body = f"{REGION}{born:%Y%m%d}{order * 2 % 1000 + (1 if man else 0):03}"
    return body + id_check_character(body)


def mobile(order: int) -> str:
    """A number of a range that is not in use."""
    return f"199{order * 7919 % 100_000_000:08}"
