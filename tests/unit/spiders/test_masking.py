import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.masking import mask, mask_together


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800138000谢谢", "电话〔电话〕谢谢"),
        ("星期一13800138000联系", "星期一〔电话〕联系"),
        ("电话１３８ ００１３ ８０００", "电话〔电话〕"),
        ("138-0013-8000，138.0013.8000", "〔电话〕，〔电话〕"),
        ("(138)0013 8000", "(〔电话〕"),
        ("+86 138 0013 8000", "〔电话〕"),
        ("打幺三八零零幺三八零零零", "打〔电话〕"),
        ("一三八，零零一三，八零零零", "〔电话〕"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "〔电话〕"),
        ("我的号码138001\n38000", "我的号码〔电话〕"),
        ("138****8000", "〔电话〕"),
        ("0575-87654321或0575 8765 4321", "〔电话〕或〔电话〕"),
        ("座机87654321", "座机〔电话〕"),
        ("身份证330602199001011234", "身份证〔身份证〕"),
        ("身份证33060219900101123X", "身份证〔身份证〕"),
        ("身份证330602 19900101 1234", "身份证〔身份证〕"),
        ("330602900101123", "〔身份证〕"),
        ("卡号6222 0212 0200 1234 567", "卡号〔银行卡〕"),
        ("打到6222021202001234567", "打到〔银行卡〕"),
        ("车牌浙D12345和苏A·D12345", "车牌〔车牌〕和〔车牌〕"),
        ("微信号wang_jianguo88", "微信号〔微信〕"),
        ("加V: hello_2020", "加V: 〔微信〕"),
        ("QQ：12345678", "QQ：〔QQ〕"),
        ("qq号 一二三四五六七", "qq号 〔QQ〕"),
        ("邮箱abc.def@163.com。", "邮箱〔邮箱〕。"),
        ("家住桐山县柳林镇东风村5组18号，", "家住〔住址〕，"),
        ("锦绣花园3幢2单元502室", "锦绣花园〔住址〕"),
        ("住在三幢二单元五〇二室", "住在〔住址〕"),
        ("我叫王建国，在", "我叫〔姓名〕，在"),
        ("本人李小红，女", "本人〔姓名〕，女"),
        ("联系人：赵铁柱 先谢过", "联系人：〔姓名〕 先谢过"),
        ("姓名：阿不都·热合曼，男", "姓名：〔姓名〕，男"),
        ("工友张三丰、李四光和王五妹等十几人", "工友〔姓名〕、〔姓名〕和〔姓名〕等十几人"),
        ("请尽快解决。\n林福涛 电话：13800138000", "请尽快解决。\n〔姓名〕 电话：〔电话〕"),
        ("沈永霞网友：您好，经查", "〔姓名〕网友：您好，经查"),
    ],
)
def test_personal_data_becomes_a_mark(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "工资15000 180000元，8月5600，9月5800，10月6000",
        "欠款1,380,013,800元，合同价12345678.90元",
        "案号（2026）浙0602民初12345号，信件编号WZ20261123001，编号：15020261123",
        "2026-11-23 15:30:22至2026-11-24 08:00",
        "拨打12333或12345",
        "我在锦绣花园3号楼工地做木工",
        "公司在建设路88号",
        "恒通建筑公司的包工头王大力没给钱",
        "本人于2026年3月在工地，本人曾在恒通公司，本人向贵局反映",
        "我是安徽人，我是包工头，我是张家湾村的",
        "工友们都没拿到，工友和我",
        "联系人王经理，尊敬的李书记：您好，张县长您好",
        "谢谢\n感谢领导",
        "王建国劳务队欠我工资",
        "住建局、劳动监察大队张队长已经来过",
        "工程款共计壹佰贰拾万元整，一共三十五人",
        "苏B2-20180001号许可证",
    ],
)
def test_employers_sums_dates_and_numbers_of_letters_stay(text: str) -> None:
    assert mask(text).text == text


def test_a_name_introduced_once_is_masked_everywhere_but_in_a_firm() -> None:
    texts, counts = mask_together(
        ["求助：王建国的工资", "我叫王建国。王建国干了三个月，王建国装饰有限公司不管"]
    )
    assert texts == [
        "求助：〔姓名〕的工资",
        "我叫〔姓名〕。〔姓名〕干了三个月，王建国装饰有限公司不管",
    ]
    assert counts["name"] == 3


def test_a_name_that_the_page_tells_beside_the_text_is_masked_in_it() -> None:
    assert mask_together(["赵铁柱没拿到钱"], ["赵铁柱"])[0] == ["〔姓名〕没拿到钱"]
    firm = "清河泰屹建筑工程有限公司"
    assert mask_together([f"{firm}没给钱"], [firm])[0] == [f"{firm}没给钱"]


PIECES = st.sampled_from(
    [
        "13800138000", "138 0013 8000", "幺三八零零幺三八零零零", "330602199001011234",
        "6222021202001234567", "0575-87654321", "浙D12345", "微信号abc12345", "QQ12345678",
        "a.b@163.com", "我叫王建国", "工友李四光、", "家住东风村5组18号", "〔电话〕", "138", "00",
        "工资", "元", "，", "\n", " ", "本人", "联系人：", "2026-11-23", "1", "x", "电话",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_survives_and_a_phone_does_not(before: str, after: str) -> None:
    text = f"{before} 电话：13912345678，{after}"
    assert "13912345678" not in mask(text).text


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "一",
        "a",
        "我叫王建国",
        "a@",
        "家住",
        "本人",
        "13800138000 ",
        "工友王建国、",
        "微信",
        "1*",
        "3\n",
    ],
)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    text = piece * (24_000 // len(piece))
    mask(text[:1000])
    started = time.perf_counter()
    mask(text[: len(text) // 4])
    quarter = time.perf_counter() - started
    started = time.perf_counter()
    mask(text)
    whole = time.perf_counter() - started
    assert whole < 12 * quarter + 0.5
