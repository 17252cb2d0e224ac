"""The trades of the county: who works at what, for what kind of employer."""

# ruff: noqa: E501 - the linter counts a Chinese character as two columns

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade.

    Attributes:
        work: What one did, to stand after 在……: 做木工.
        worker: What one is called.
        crew: What the group is called: 木工班组.
        ending: What follows the employer's name-word in the full name.
        spoken: The same in speech.
        sector: The branch, as a ledger would say it.
        pay: A month's pay in yuan, lowest and highest, in hundreds.
        details: Sentences that only somebody of this trade would write.
        on_site: True where the work is at a building project.
    """

    work: str
    worker: str
    crew: str
    ending: str
    spoken: str
    sector: str
    pay: tuple[int, int]
    details: tuple[str, ...]
    on_site: bool = False


def _site(work: str, worker: str, crew: str, *details: str, ending: str = "建筑工程有限公司",
          spoken: str = "建筑") -> Trade:  # fmt: skip
    return Trade(work, worker, crew, ending, spoken, "建筑业", (60, 120), details, on_site=True)


def _plant(work: str, worker: str, ending: str, spoken: str, *details: str) -> Trade:
    return Trade(work, worker, "车间", ending, spoken, "制造业", (38, 75), details)


def _shop(work: str, worker: str, ending: str, spoken: str, *details: str,
          sector: str = "住宿餐饮业", crew: str = "店里") -> Trade:  # fmt: skip
    return Trade(work, worker, crew, ending, spoken, sector, (26, 58), details)


TRADES = (
    _site("支模板做木工", "木工", "木工班组", "主体早就封顶了，模板都拆完拉走了。",
          "从地下室干到十八层，一天没歇过。", ending="建筑劳务有限公司", spoken="劳务"),
    _site("绑钢筋", "钢筋工", "钢筋班组", "夏天四十度在板面上绑扎，手上全是泡。",
          "按吨算的钱，量单都签过字。", ending="建设集团有限公司", spoken="建设"),
    _site("砌墙抹灰", "瓦工", "瓦工班", "砌体和抹灰都验收过了。", "方量早就对过账，项目部的人签的字。"),
    _site("贴外墙砖", "贴砖工", "外墙班组", "吊篮上干了小半年，脚手架都拆了。", ending="装饰工程有限公司",
          spoken="装饰"),
    _site("做水电预埋和安装", "水电工", "水电班", "灯都亮了水也通了，人家都入住了。",
          ending="机电安装有限公司", spoken="机电"),
    _site("做外墙保温和涂料", "涂料工", "保温班组", "真石漆喷完第二天就叫我们退场。",
          ending="防水保温工程有限公司", spoken="保温"),
    _site("搭脚手架", "架子工", "架子工班", "架子搭了拆、拆了搭，来回三趟。", ending="建筑劳务分包有限公司",
          spoken="劳务"),
    _site("开塔吊", "塔吊司机", "塔吊组", "白班夜班倒着开，节假日没停过。", ending="机械租赁有限公司",
          spoken="机械"),
    _site("打桩", "桩工", "桩基队", "桩检都合格了，报告也出了。", ending="基础工程有限公司", spoken="基础"),
    _site("铺管道挖沟槽", "管道工", "管网施工队", "路面都恢复了，车都跑起来了。", ending="市政工程有限公司",
          spoken="市政"),
    _site("做室内装修", "装修工", "装修队", "吊顶、贴砖、刮大白全是我们干的。", ending="装饰设计有限公司",
          spoken="装饰"),
    _site("铺沥青做路面", "养护工", "摊铺队", "路九月就通车剪彩了。", ending="路桥工程有限公司",
          spoken="路桥"),
    _site("种树铺草皮", "绿化工", "绿化队", "树都栽活了，浇水也是我们浇的。", ending="园林绿化有限公司",
          spoken="园林"),
    _site("装光伏板", "安装工", "光伏安装队", "屋顶的板子已经并网发电了。", ending="新能源工程有限公司",
          spoken="新能源"),
    _site("修水渠打机井", "小工", "农田施工队", "渠修好了，水都浇上地了。", ending="水利工程有限公司",
          spoken="水利"),
    _plant("踩缝纫机", "缝纫工", "服饰有限公司", "服饰", "旺季天天做到夜里十一点，计件单我都留着。",
           "厂里说外贸单子尾款没回来。"),
    _plant("做鞋面", "针车工", "鞋业有限公司", "鞋业", "一双鞋面两块三，一针一线做出来的。"),
    _plant("上流水线", "普工", "电子科技有限公司", "电子", "招工时说月月15号发，结果压了又压。"),
    _plant("打家具", "木器工", "家具有限公司", "家具", "机器都被拉走抵债了，厂房空了一半。"),
    _plant("做包装", "包装工", "食品有限公司", "食品厂", "中秋赶货连轴转，月饼卖完了钱没见着。"),
    _plant("切石材", "切割工", "石材有限公司", "石材厂", "粉尘大得很，口罩都是自己买的。"),
    _plant("看机台", "挡车工", "纺织有限公司", "纺织厂", "三班倒，夜班补贴也一分没有。"),
    _plant("做纸箱", "机长", "包装制品有限公司", "纸箱厂", "老板说下家压款，让我们再等等。"),
    _shop("后厨切配", "厨师", "餐饮管理有限公司", "火锅店", "店门口贴了转让，老板人不来了。",
          "后厨八个人，连洗碗阿姨的钱都欠。"),
    _shop("当服务员", "服务员", "大酒店", "大酒店", "婚宴旺季一天站十二个小时。"),
    _shop("做保洁", "保洁员", "物业服务有限公司", "物业", "一栋楼三十层，每天扫两遍。",
          sector="物业服务业", crew="保洁班"),
    _shop("当保安", "保安", "保安服务有限公司", "保安公司", "一个班十二小时，年纪大了找个活不容易。",
          sector="物业服务业", crew="保安队"),
    _shop("扫马路", "环卫工", "环境卫生服务有限公司", "环卫公司", "早上四点就上街，下雪也没耽误过。",
          sector="环卫", crew="环卫队"),
    _shop("送快递", "快递员", "物流有限公司", "快递网点", "网点换了老板，新的说不认旧账。",
          sector="交通运输业", crew="网点"),
    _shop("送外卖", "骑手", "网络配送有限公司", "配送站", "跑一单四块二，站长说平台没结算。",
          sector="交通运输业", crew="站里"),
    _shop("开渣土车", "司机", "运输有限公司", "车队", "趟票一张不少都在我这里。",
          sector="交通运输业", crew="车队"),
    _shop("教跳舞", "老师", "文化艺术培训有限公司", "培训学校", "家长的课时费早就交了。",
          sector="教育培训业", crew="校区"),
    _shop("带班", "老师", "幼儿园", "幼儿园", "孩子们的学费一开学就收齐了。",
          sector="教育培训业", crew="园里"),
    _shop("当教练", "教练", "驾驶员培训有限公司", "驾校", "学员的报名费都进了公司账户。",
          sector="教育培训业", crew="训练场"),
    _shop("摘果子套袋", "农工", "农业发展有限公司", "农业公司", "梨都卖完装车走了，工钱还是白条。",
          sector="农业", crew="果园"),
    _shop("喂猪打疫苗", "饲养员", "养殖有限公司", "养殖场", "猪出栏了三批，老板说行情不好。",
          sector="农业", crew="场里"),
    _shop("接电话做客服", "客服", "电子商务有限公司", "电商公司", "双十一加班到凌晨两点，提成也没算。",
          sector="商务服务业", crew="客服部"),
    _shop("做美容师", "美容师", "美容服务有限公司", "美容院", "店一夜之间搬空，顾客的卡也没人退。",
          sector="居民服务业"),
    _shop("照顾病人", "护工", "家政服务有限公司", "家政公司", "护理费家属都交给公司了。",
          sector="居民服务业", crew="护工组"),
    _shop("搬货装车", "装卸工", "仓储有限公司", "仓库", "一车三十吨，四个人两小时卸完。",
          sector="交通运输业", crew="装卸队"),
)  # fmt: skip
"""Every trade that a claim may be about."""
