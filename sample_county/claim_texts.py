"""Words for messages that say: we have worked and have not been paid.

Slots: {employer} full name, {short} spoken name, {project}, {at} where one worked (project or
employer), {town}, {work}, {worker}, {crew}, {workers}, {sum}, {months}, {detail}, {title_who}.
A frame is a whole message; `{lead}`, `{asked}`, `{excuse}`, `{plea}` are filled from the lists.
"""

# ruff: noqa: E501 - the linter counts a Chinese character as two columns

TITLES = (
    "{at}拖欠{months}工资，谁能管管", "{short}欠我们工钱不给", "干完活不给钱，{at}", "求助！{at}的血汗钱要不回来",
    "{worker}的工资到底什么时候发？{short}给个说法", "{months}的工资都不发，{short}还有良心吗",
    "{town}{at}欠薪", "关于{employer}拖欠工资的情况反映", "有没有在{at}干活的，你们的钱发了没",
    "快过年了，{at}的工钱还没影", "{workers}在{at}干活，{sum}一分没见着", "反映{employer}长期不发工资",
    "各位帮忙看看，{short}欠工资该找谁", "{at}{crew}工资问题", "辛苦大半年，等来一张白条（{short}）",
    "请求解决{at}{worker}工资", "老板电话不接，{at}的工资怎么办", "希望有关部门过问一下{short}拖欠工资",
    "曝一下{short}，欠钱不还", "{at}的工资什么时候能到位", "孩子学费就指着这个钱了，{short}拖着不发",
    "{short}工资一拖再拖", "在{at}白干了？{months}的工资不给",
)  # fmt: skip

FRAMES = (
    "{lead}在{at}{work}，{detail}{owed}。{asked}{excuse}{plea}",
    "{at}，{crew}{workers}，{owed}。{excuse}{detail}{plea}",
    "{owed}！{lead}在{town}{at}{work}。{asked}{excuse}{plea}",
    "{lead}今年一直跟着{short}{work}，{detail}活干完了钱没结，{owed}。{asked}{excuse}",
    "各位领导好，{lead}在{at}{work}。{owed}，{asked}{excuse}{plea}",
    "说个事，{town}的{short}，{owed}。{detail}{excuse}有没有一样情况的？",
    "{lead}是{at}的{worker}。{detail}\n{owed}。\n{asked}{excuse}\n{plea}",
    "本来不想发出来，实在没办法。{lead}在{at}{work}，{owed}，{asked}{excuse}{plea}",
    "{at}还管不管了？{owed}，{excuse}{plea}",
    "问一下大家，{lead}在{short}{work}，{owed}，{excuse}这种情况能要回来吗？{plea}",
    "{short}，还钱！{owed}。",
    "在{at}干的活，{owed}，问就是没钱。{plea}",
    "{owed}，{short}的老板天天换新车，工人的钱就是不给。{asked}",
    "哪位晓得{short}老板的下落？{owed}。{excuse}",
    "谁认识{short}管事的，帮忙带个话，{owed}。{plea}",
    "{detail}{owed}。{lead}实在撑不住了，{at}的人互相推。{asked}\n{excuse}\n{plea}",
    "昨天又去{town}{at}等了一天，{owed}，{excuse}{plea}",
    "有人管{short}吗？合同、打卡、聊天记录都在，{owed}。{asked}{plea}",
    "{detail}可是到现在，{owed}。单位是{employer}。{asked}{excuse}{plea}",
    "{employer}，{owed}。没有签合同，只有工友群里的考勤记录。{excuse}{plea}",
)  # fmt: skip

FAMILY_FRAMES = (
    "替家里人发的。我爸在{at}{work}，{owed}。{detail}{asked}{excuse}老人家不会上网，{plea}",
    "老公在{at}{work}大半年，{owed}，家里两个孩子等着用钱。{excuse}{plea}",
    "我弟弟嘴笨，我替他说。他在{short}{work}，{owed}。{asked}{excuse}{plea}",
    "我妈在{short}{work}，{owed}。{detail}老人挣个钱不容易，{plea}",
)  # fmt: skip
"""For one worker whose family writes."""

OFFICIAL_FRAMES = (
    (
        "尊敬的县领导：\n您好！{lead}于今年在{at}从事{worker}工作，用工单位为{employer}。{owed}。{asked}{excuse}\n"
        "{detail}恳请领导责成有关部门核实，督促其尽快支付。\n此致敬礼"
    ),
    "领导您好，我反映{employer}拖欠工资一事。{lead}在{at}{work}，{owed}。{excuse}{asked}{plea}",
    "书记、县长好：{owed}。{lead}在{town}{at}{work}，{detail}{asked}{plea}",
    "我们是{at}{crew}的工人，共{workers}，受雇于{employer}。{owed}。{excuse}请帮助我们要回工资，万分感谢！",
    "来信事由：拖欠工资。\n单位：{employer}\n地点：{town}{at}\n情况：{lead}{work}，{owed}。{asked}{excuse}\n{plea}",
)  # fmt: skip

LEADS_ONE = ("我", "本人", "我", "我一个女人家，", "我今年五十七了，", "俺", "我一个老工人，")
"""How one worker begins."""
LEADS_MANY = (
    "我们",
    "俺们",
    "我们老乡几个",
    "我们几个工友一起",
    "我和工友们一共{workers}，",
    "我们{workers}",
)
"""How a group begins."""

OWED_ONE = (
    "{months}的工资一直没发，一共{sum}", "还差我{sum}没给，是{months}的", "欠我{months}的工资，算下来{sum}",
    "{months}的工钱{sum}到今天也没拿到", "{months}的钱没有发过，合计{sum}", "应发{sum}，是{months}的，分文未付",
    "{months}的工资都扣着不发，数一数有{sum}",
)  # fmt: skip
OWED_MANY = (
    "{months}的工资一直没发，{workers}加起来{sum}", "拖欠我们{workers}{months}的工资，共计{sum}",
    "{workers}的工钱总共{sum}，{months}的都没给", "{workers}，欠了{months}的工资，总数{sum}",
    "到现在还欠{workers}的工资{sum}，是{months}的", "合计拖欠{sum}（{workers}，{months}）",
)  # fmt: skip
OWED_BESIDE = (
    "{months}的加班费一直没算给我，合计{sum}", "人都离职了，{months}的工资连押金扣着，一共{sum}",
    "{months}的提成{sum}说好跟工资一起发，到现在没有", "说倒闭就倒闭，{months}的工资和补偿{sum}没人认账",
    "{months}的绩效和补贴共{sum}，一直拖着不补",
)  # fmt: skip
"""Pay by other names, for one worker who is not on a building site."""
OWED_TOGETHER = (
    "{months}的工资一直没发，加起来{sum}", "拖欠我们{months}的工资，共计{sum}", "工钱总共{sum}，{months}的都没给",
    "欠了{months}的工资，总数{sum}", "大家的工资{sum}到现在没影，是{months}的", "合计拖欠{sum}，都是{months}的",
)  # fmt: skip
"""For texts that have already said how many they are."""
OWED_UNCOUNTED = (
    "{months}的工资没发", "干了这么久，{months}的工钱一分没见", "{months}的钱到现在没拿到",
    "说好月结，结果{months}的都压着", "光发点生活费，{months}的工资都拖着",
)  # fmt: skip

ASKED = (
    "去找过好几回，", "打电话要么不接要么说在开会。", "项目部推公司，公司推甲方，来回踢皮球。",
    "上个月去办公室等了一整天，", "每次问都说下周，", "找了带班的，带班的说他也没拿到。", "微信把我们都拉黑了。",
    "", "当时口头说得好好的，", "前天又去了一趟，大门锁着。", "财务说没钱，老板说找财务。",
)  # fmt: skip
EXCUSES = (
    "老板说甲方没拨款，没钱给。", "姓刘的负责人说再等等。", "现在电话也打不通了。", "只说年底一起算，谁信啊。",
    "给了一张欠条就没下文了。", "听说公司账户都冻结了，我们心里慌。", "说要扣质保金，我们打工的哪有什么质保金。",
    "让我们先回家等通知。", "说工程款没结算，跟我们有什么关系。", "", "", "回回都是“快了快了”。",
)  # fmt: skip
FLED = ("包工头人都跑了。", "老板一家都搬走了，电话停机。", "厂门上贴了封条，老板不知去向。")
"""Said of an employer who is gone."""
PLEAS = (
    "求有关部门帮帮忙。", "希望领导能管一管。", "请问该去哪里反映？", "家里等米下锅，真的急。", "我们就想拿回自己的血汗钱。",
    "拜托大家顶一下，让管事的看到。", "马上要交学费了，求求了。", "有懂的说说该怎么办，谢谢！", "就想回家过个安稳年。",
    "老母亲还在住院，等着这笔钱。", "", "不多要一分，该多少给多少。",
)  # fmt: skip

DANGER = ("我爸为这事急得说不想活了，求求快来人管管。", "再拿不到钱我真的活不下去了。")
"""Said by somebody whose life may be in danger."""

CONTACTS = (
    "\n联系电话：{phone}", "我的电话{phone}", "\n联系人：{name}，{phone}", "有事打我手机 {phone}",
    "加我微信{wechat}，有考勤照片。", "\n微信同号{phone}", "\n工资卡号{card}，随时可以查流水。",
    "\n本人{name}，身份证{identity}，说的句句属实。", "\n{name} 电话：{phone}", "V信：{wechat}",
)  # fmt: skip
"""Ways in which writers leave a trace of themselves; none of it may survive the door."""
PLAIN_CONTACTS = (
    "\n联系电话：{phone}",
    "电话{phone}",
    "加微信{wechat}",
    "\n联系人：{name}，{phone}",
    " 微信：{wechat}",
)
"""The same by those who are not owed anything."""

FOLLOW_UPS = (
    "补充一下：今天又去了一趟{short}，还是没人。", "更新：昨天{short}来人说月底给，先记在这里。",
    "【补充】{at}的考勤表我们都有照片。", "再补充一句，合同在{short}手里，没给我们。",
    "刚才打错字了，是{short}，不是别家。",
)  # fmt: skip
"""Lines that an edit adds to a claim."""

WORKMATES = (
    "我也在{short}干过，我的工资也没给。", "同一个地方的，{short}也欠着我们组的工资。", "顶！{at}我待过，{short}也欠我两个月工资。",
    "我也是{at}的，{short}到现在没给我结工资，一起去反映吧。",
)  # fmt: skip
"""Replies by workmates: claims about the same employer, named so that no guess is needed."""
