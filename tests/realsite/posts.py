"""What is posted on the blog, and what a reader must have of it afterwards. All of it invented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain import SHANGHAI

AUTHORS = {"hezhiwan": "贺知晚", "shentu_y": "申屠映雪", "lu_heting": "鹿鹤汀"}
"""Login and shown name of those who write; neither may be found in our database."""

COMMENTER = "苇间一只鸬鹚"
REMARK = "路过看到这里，写得真清楚，顶一下。"

PUBLISHED, DRAFT, PRIVATE, SCHEDULED = "publish", "draft", "private", "future"

_PLACES = ("城北农贸市场", "三号安置房", "河西产业园", "旧棉纺厂片区", "青石桥镇", "东环二期")
_MATTERS = ("加固工程", "外墙保温", "管网改造", "厂房装修", "绿化养护", "屋面防水")
_OPENINGS = (
    "本周起，{place}的{matter}进入收尾阶段，工地门口挂出了进出登记表。",
    "服务站的工作人员日前到{place}走访，了解{matter}用工情况。",
    "{place}的{matter}昨天复工，第一批三十多人已经到岗。",
    "有工友问起{place}的{matter}什么时候结账，我们把查到的情况写在下面。",
)
_MIDDLES = (
    "总包单位说，工资专户每月二十五日划款，有出入的可以当场核对考勤。",
    "现场公示牌上写着投诉电话和专户银行，字迹清楚，没有被遮挡。",
    "从四月到九月一共记了一百二十六个工，结清了其中九十个。",
    "材料款和工资分两本账，劳务公司每月把工资表贴在食堂门口。",
    "几个班组的合同是同一天签的，单价却不一样，差了十五块钱一平方。",
)
_ENDINGS = (
    "没有签合同的，请保留转账记录和聊天记录。",
    "下一次集中核对定在月底，地点不变。",
    "服务站周末照常开门，带上身份证件就可以来登记。",
)


@dataclass(frozen=True)
class BlogPost:
    """A post as it is given to the blog, and the text that must be read from it."""

    title: str
    html: str
    text: str
    written_at: datetime
    author: str
    status: str = PUBLISHED
    password: str = ""

    @property
    def is_readable(self) -> bool:
        """True when anybody may read it."""
        return self.status == PUBLISHED and not self.password

    def to_task(self) -> dict[str, Any]:
        """What the script on the blog's side takes."""
        local = self.written_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        kept = ("title", "html", "status", "password", "author")
        return {name: getattr(self, name) for name in kept} | {"local_time": local}


def make_posts(now: datetime) -> list[BlogPost]:
    """Twenty-six posts, oldest first, of the last three weeks: four of them not for everybody."""
    whole = now.replace(microsecond=0)
    plain = [_plain_post(place, whole) for place in range(16)]
    return sorted([*plain, *_odd_posts(whole), *_hidden_posts(whole)], key=lambda p: p.written_at)


def make_later_posts(now: datetime) -> list[BlogPost]:
    """Three posts that are published while somebody watches."""
    made = []
    for place, hour in enumerate(("早晨", "中午", "傍晚")):
        lines = [
            f"{hour}更新：二号楼的脚手架今天拆完，工人等着结最后一笔。",
            f"截至{hour}，名单上还有{place + 4}个人没有领到。",
        ]
        written = now.replace(microsecond=0) - timedelta(seconds=3 - place)
        made.append(_post(f"{hour}快讯：二号楼结账进展", lines, written, "hezhiwan"))
    return made


EDITED_LINE = "补充：专户在今天下午又划出一笔，登记过的人可以去查余额。"


def fold(text: str) -> str:
    """Make two texts comparable that differ in spaces, line breaks or typographer's marks only.

    The blog itself turns straight quotes, three dots and double hyphens into others when it shows
    them, so these are one mark here; every other character must be the same.
    """
    for shown, plain in (
        ("“", '"'),
        ("”", '"'),
        ("″", '"'),
        ("…", "..."),
        ("–", "--"),
        ("—", "--"),
    ):
        text = text.replace(shown, plain)
    return re.sub(r"\s+", "", text)


def _post(title: str, lines: list[str], written: datetime, author: str, **more: Any) -> BlogPost:
    html = "\n\n".join(f"<p>{line}</p>" for line in lines)
    return BlogPost(title, html, "\n".join(lines), written, author, **more)


def _plain_post(place: int, now: datetime) -> BlogPost:
    names = {"place": _PLACES[place % 6], "matter": _MATTERS[(place + place // 6) % 6]}
    count = 1 + place % 4 if place % 5 else 12
    middles = [f"第{each + 1}点，{_MIDDLES[(place + each) % 5]}" for each in range(count)]
    lines = [_OPENINGS[place % 4].format(**names), *middles, _ENDINGS[place % 3]]
    title = f"{names['place']}{names['matter']}情况通报（{place + 1}）"
    written = now - timedelta(days=20 - place, minutes=37 * place, seconds=11 * place)
    return _post(title, lines, written, list(AUTHORS)[place % 3])


def _odd_posts(now: datetime) -> Iterator[BlogPost]:
    """Readable posts with what trips readers: a table, quotes, entities, a name, a phone."""

    def ago(**how: int) -> datetime:
        return now - timedelta(**how)

    yield BlogPost(
        "九月考勤核对表",
        "<p>核对结果如下：</p><table><tbody><tr><td>班组</td><td>出工</td><td>未结</td></tr>"
        "<tr><td>瓦工一班</td><td>212</td><td>18600元</td></tr>"
        "<tr><td>木工二班</td><td>175</td><td>9300元</td></tr></tbody></table>"
        "<p>有异议请在三日内提出。</p>",
        "核对结果如下：班组 出工 未结 瓦工一班 212 18600元 木工二班 175 9300元"
        "有异议请在三日内提出。",
        ago(days=4, seconds=9),
        "shentu_y",
    )
    quote = "我们十七个人，从六月干到九月，一分钱没有拿到。"
    yield BlogPost(
        "来信照登：十七个人的四个月",
        f"<p>来信写道：</p><blockquote><p>{quote}</p></blockquote>"
        '<p>劳务公司答复说 "下个月一定" ...</p>',
        f'来信写道：{quote}劳务公司答复说 "下个月一定" ...',
        ago(days=3, hours=2),
        "lu_heting",
    )
    yield BlogPost(
        "工资 &amp; 考勤：1 &lt; 2 的道理",
        "<p>记工本上写 1 &lt; 2，意思是&ldquo;先干后结&rdquo;&nbsp;&amp; 不预支。</p>"
        "<ul><li>甲：按天</li><li>乙：按方</li></ul>",
        "记工本上写 1 < 2，意思是“先干后结” & 不预支。甲：按天乙：按方",
        ago(days=2, hours=5, seconds=40),
        "hezhiwan",
    )
    lines = ["有事可以拨打服务站的手机13905550142，工作时间有人接听。", "也可以当面来说。"]
    masked = "\n".join([lines[0].replace("13905550142", "〔电话〕"), lines[1]])
    phone = _post("服务站换了值班号码", lines, ago(days=1, hours=6), "shentu_y")
    yield BlogPost(phone.title, phone.html, masked, phone.written_at, phone.author)
    yield BlogPost(
        "青石桥镇发布用工提醒",
        "<p>镇上提醒，开工前先看工资专户是否公示。</p>"
        "<p>（记者 鹿鹤汀）</p><p>责任编辑：申屠映雪</p>",
        "镇上提醒，开工前先看工资专户是否公示。",
        ago(hours=20),
        "lu_heting",
    )
    long_lines = [f"（{each}）{_MIDDLES[each % 5]}{_ENDINGS[each % 3]}" for each in range(1, 121)]
    yield _post("全年问答汇编", long_lines, ago(hours=3), "hezhiwan")


def _hidden_posts(now: datetime) -> Iterator[BlogPost]:
    """Posts that nobody may read without signing in, or not yet."""
    for title, status, password, hours in (
        ("没写完的草稿：垫资与结算", DRAFT, "", 30),
        ("内部：下周走访名单", PRIVATE, "", 26),
        ("凭口令查看：核对底稿", PUBLISHED, "qingshiqiao", 2),
        ("定时发布：明年一月安排", SCHEDULED, "", -24 * 40),
    ):
        lines = [f"这一段只在“{title}”里有，{word}。" for word in ("外人不该看到", "不能存下来")]
        written = now - timedelta(hours=hours)
        yield _post(title, lines, written, "lu_heting", status=status, password=password)


def utc_now() -> datetime:
    """The clock of these tests, which watch real processes."""
    return datetime.now(UTC)
