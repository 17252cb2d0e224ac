"""What a page is made of, without a word of it: to tell layouts apart, and to show a fault. Pure.

A shape is a small sketch of the tags and class names of a page; two pages of one layout have much
of it in common, whatever they say. An outline shows the same to people: tags and numbers of
characters. Of the words only notices of the software itself are kept (请登录, 安全验证 …), because
any other word of an unknown page may be somebody's name.
"""

import re
from collections import Counter
from hashlib import blake2b

from selectolax.lexbor import LexborNode

from monitor.domain import Page
from spiders.markup import one_line, parse_html
from spiders.ports import SeenPage

ALIKE_AT = 0.4
"""Share of common parts from which two pages are of one layout.

Source:
    Measured on the sample county: a board's list and the same list emptied share 0.6 and more, a
    list and a sign-in, challenge or notice page of the same site at most 0.25
    (`tests/unit/spiders/test_shapes.py`).
"""

_PARTS_KEPT = 64
_NODES_LOOKED_AT = 20_000
_CHARACTERS_LOOKED_AT = 200_000
_WORD_OF_NAME = re.compile(r"[A-Za-z]{2,24}")
_NOTICES = re.compile(
    r"请?先?登[录陆](?:后|才能|查看|账号|帐号)?|用户登[录陆]|注册|验证码|安全验证|人机验证|滑动验证|访问验证|"
    r"请完成.{0,4}验证|访问过于频繁|请求过于频繁|无权(?:访问|查看|限)|没有权限|站点(?:已)?关闭|网站(?:已)?关闭|"
    r"维护(?:中|升级)?|暂停(?:访问|服务)|备案|域名(?:出售|转让|已过期|到期)|页面(?:不存在|找不到)|"
    r"(?:帖子|主题|内容|信件).{0,4}(?:不存在|已删除|已被删除)|暂无(?:数据|内容|信件|记录|帖子)|没有(?:数据|记录)|"
    r"404 Not Found|403 Forbidden|502 Bad Gateway|503 Service|Just a moment|checking your browser|"
    r"nginx|Apache|IIS|Welcome to nginx",
    re.IGNORECASE,
)
_MOST_NOTICES = 8
_MOST_LINES = 40
_DEEPEST = 6
_NOT_SHOWN = frozenset({"script", "style", "link", "meta", "noscript", "br", "svg", "path"})


def shape_of(page: Page) -> frozenset[int]:
    """Sketch a page: the 64 smallest of the numbers that stand for its distinct parts."""
    return shape_of_text(page.body.decode("utf-8", errors="replace"))


def shape_of_text(text: str) -> frozenset[int]:
    """Sketch a page from its characters; their set does not matter, names in HTML are ASCII."""
    tree = parse_html(text[:_CHARACTERS_LOOKED_AT])
    parts: set[str] = set()
    for number, node in enumerate(tree.css("body *")):
        if number >= _NODES_LOOKED_AT:
            break
        parts.add(_part_of(node))
    numbers = (int.from_bytes(blake2b(p.encode(), digest_size=4).digest()) for p in parts)
    return frozenset(sorted(numbers)[:_PARTS_KEPT])


def alike(one: frozenset[int], other: frozenset[int]) -> float:
    """Estimate the share of common parts of two sketched pages, in [0, 1]; 0 with an empty one."""
    if not one or not other:
        return 0.0
    smallest = sorted(one | other)[: min(len(one | other), _PARTS_KEPT)]
    return sum(number in one and number in other for number in smallest) / len(smallest)


def see_page(page: Page) -> SeenPage:
    """Make what may be kept of a page that shows a fault."""
    return SeenPage(page.url, page.status, outline(page.body.decode("utf-8", errors="replace")))


def outline(text: str) -> str:
    """Show what a page is made of, one line a part: tags, their names, numbers of characters.

    A name of a tag is shown up to its first digit or sign, and not at all when it also stands among
    the page's words: a site may make such names of what its members call themselves.
    """
    tree = parse_html(text[:_CHARACTERS_LOOKED_AT])
    body = tree.body
    words = one_line(body).lower() if body is not None else ""
    title = one_line(tree.css_first("title"))
    lines = [f"标题 〔{len(title)} 字〕，正文 〔{len(words)} 字〕"]
    notices = dict.fromkeys(match[0] for match in _NOTICES.finditer(f"{title} {words}"[:20_000]))
    if notices:
        lines.append("页面上的提示语：" + "、".join([*notices][:_MOST_NOTICES]))
    if body is not None:
        _walk(body, 0, words, lines)
    return "\n".join(lines[:_MOST_LINES])


def _walk(node: LexborNode, depth: int, words: str, lines: list[str]) -> None:
    """Add a line for each run of like children; stops when there are enough."""
    if len(lines) >= _MOST_LINES or depth > _DEEPEST:
        return
    children = [each for each in _children(node) if each.tag not in _NOT_SHOWN]
    shown = Counter(_shown_name(each, words) for each in children)
    told: set[str] = set()
    for child in children:
        name = _shown_name(child, words)
        if name in told:
            continue
        told.add(name)
        times = f" × {shown[name]}" if shown[name] > 1 else ""
        length = len(one_line(child))
        lines.append(f"{'  ' * depth}{name}{times} 〔{length} 字〕")
        if len(lines) >= _MOST_LINES:
            return
        _walk(child, depth + 1, words, lines)


def _children(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            found.append(child)
        child = child.next
    return found


def _part_of(node: LexborNode) -> str:
    """Name a part for the sketch: its tag, and the letters with which its names begin."""
    return "".join([node.tag or "", *_names(node)])


def _shown_name(node: LexborNode, words: str) -> str:
    return "".join(
        [node.tag or "?", *(name for name in _names(node) if name[1:].lower() not in words)]
    )


def _names(node: LexborNode) -> list[str]:
    attributes = node.attributes
    found = []
    for sign, name in (("#", "id"), (".", "class")):
        for written in (attributes.get(name) or "").split()[:3]:
            letters = _WORD_OF_NAME.match(written)
            if letters:
                found.append(sign + letters[0])
    return found


# The hundred and some characters of which every second character of ordinary Chinese is one.
_COMMON = frozenset(
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如"
    "事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与"
    "活正感工资钱拖欠公司地府县市区镇村路问题反映关请求答复什么怎办理投诉举报建议咨询通知关于处解决劳动农民水电房车医院校师队项目"
)
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_RUBBISH = re.compile("[\u00a1-\u00ff\ufffd]")
_FEWEST_CHARACTERS = 30
_COMMON_SHARE = 0.12
_RUBBISH_SHARE = 0.3


def is_garbled(texts: list[str]) -> bool:
    """Tell whether texts were decoded with the wrong character set.

    Read wrongly, Chinese becomes characters that hardly anybody uses, or accented Latin letters.
    Fewer than thirty characters prove nothing.
    """
    told = "".join(texts)
    han = _HAN.findall(told)
    rubbish = len(_LATIN_RUBBISH.findall(told))
    if rubbish >= _FEWEST_CHARACTERS and rubbish > _RUBBISH_SHARE * len(told):
        return True
    if len(han) < _FEWEST_CHARACTERS:
        return False
    return sum(character in _COMMON for character in han) < _COMMON_SHARE * len(han)
