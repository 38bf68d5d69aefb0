"""Items, funds, budgets, applications and payments of the demo district. All of it is fictional."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.funds.models import Application, Budget, Disbursement, Fund, ItemExclusion, PolicyItem
from apps.governance.models import Policy
from apps.organizations.models import Unit
from apps.setup.demo.district import YEARS, Demo
from apps.talents.models import ExpertTitle, Person, Recognition

Status, Route = Application.Status, Application.Route
WAN = 10_000
# name, kind, policy, standard, for persons, teams, units, instalments
ITEMS = (
    ("人才津贴", "01", "专项资金管理办法", "区管专家每人每月500元，按半年发放", 1, 0, 0, None),
    ("拔尖人才补助", "06", "专项资金管理办法", "区级每月300元、市级每月800元", 1, 0, 0, None),
    ("生活补贴", "03", "专项资金管理办法", "按认定层次每年6000—24000元", 1, 0, 0, None),
    ("购房补贴", "02", "专项资金管理办法", "按认定层次5—10万元，分两期发放", 1, 0, 0, 2),
    ("安家费", "10", "柔性引进人才实施办法", "一次性3万元", 1, 0, 0, 1),
    ("科研配套", "04", "专项资金管理办法", "立项经费的30%，最高10万元", 1, 1, 1, 2),
    ("创业创新补贴", "05", "专项资金管理办法", "一次性2—6万元", 1, 1, 0, 1),
    ("企业技术改造补助", "08", "专项资金管理办法", "设备投入的8%，最高30万元", 0, 0, 1, 1),
    ("专家工作站补助", "07", "名师名医工作室建设方案", "建站5万元，运行每年2万元", 0, 0, 1, None),
    ("重点培训项目资助", "09", "专项资金管理办法", "按项目核定", 0, 0, 1, 1),
    ("青年人才见习补贴", "03", "优化人才发展环境", "每人每月1500元，最长6个月", 1, 0, 0, 6),
    ("柔性引才工作补贴", "99", "柔性引进人才实施办法", "按协议薪酬的20%", 1, 0, 1, None),
)  # fmt: skip
PAIRS = (("购房补贴", "安家费", "办法第九条"), ("人才津贴", "拔尖人才补助", "办法第六条"))
# name, kind, stage, platform, unit, size in 万元, started on
FUNDS = (
    ("云岭区人才发展专项资金", "01", "running", "", "区委组织部", 800, "2021-01-01"),
    ("科创种子资金", "02", "running", "区科技孵化园", "区科学技术局", 200, "2021-05-10"),
    ("青年创业种子资金", "02", "running", "大学生创业孵化基地", "区科学技术局", 120, "2021-09-01"),
    ("乡村振兴带头人种子资金", "02", "running", "返乡创业园", "区农业农村局", 80, "2022-03-15"),
    ("现代农业产业引导基金", "03", "running", "", "区财政局", 5000, "2021-06-30"),
    ("智能制造产业引导基金", "03", "raising", "", "区财政局", 10000, "2022-04-20"),
    ("文旅融合产业引导基金", "03", "intended", "", "区财政局", 3000, "2022-11-01"),
)  # fmt: skip
# budget: use, source, unit; what is allocated follows from what is paid
PAID_BUDGETS = {
    "专家津贴": ("03", "01", "区委组织部"),
    "引才安居补贴": ("04", "01", "区人力资源和社会保障局"),
    "市级引才配套补助": ("04", "02", "区人力资源和社会保障局"),
    "创业创新扶持": ("05", "01", "区科学技术局"),
    "企业技术改造扶持": ("05", "01", "区工业和信息化局"),
    "专家工作站建设": ("06", "01", "区科学技术局"),
    "重点培训项目": ("01", "01", "区人力资源和社会保障局"),
}
# name, use, source, unit, budgeted in 万元 by year
OTHER_BUDGETS = (
    ("干部人才教育培训", "01", "01", "区委组织部", (26, 32)),
    ("教师能力提升培训", "01", "01", "区教育局", (12, 14.5)),
    ("高素质农民培育", "01", "02", "区农业农村局", (18, 21)),
    ("卫生人才基层轮训", "01", "02", "区卫生健康局", (9, 11)),
    ("企业职工技能培训", "01", "07", "区工业和信息化局", (34, 41.6)),
    ("职业技能培训个人缴费", "01", "08", "区人力资源和社会保障局", (5.2, 6.1)),
    ("社会组织助学培训", "01", "09", "区妇女联合会", (2.4, 3)),
    ("茶产业专家服务组经费", "02", "01", "区农业农村局", (6, 8)),
    ("医疗专家服务组经费", "02", "01", "区卫生健康局", (5, 6)),
    ("企业技术专家服务组经费", "02", "01", "区工业和信息化局", (4, 6.5)),
    ("人才宣传与联系服务", "08", "01", "区委组织部", (10, 12)),
)  # fmt: skip
# item, budget, what may be approved in 万元, payments, how many are approved for each year
APPLIED = (
    ("购房补贴", "引才安居补贴", (5, 8, 10), 2, (5, 8)),
    ("创业创新补贴", "创业创新扶持", (2, 3, 6), 1, (9, 13)),
    ("科研配套", "市级引才配套补助", (3, 5, 8), 2, (4, 6)),
    ("企业技术改造补助", "企业技术改造扶持", (12, 20, 26), 1, (2, 4)),
    ("专家工作站补助", "专家工作站建设", (2, 5), 1, (3, 4)),
    ("重点培训项目资助", "重点培训项目", (4, 6), 1, (2, 3)),
)
CASES = (  # one by one, by a meeting
    (2021, "科研配套", 10, "区委人才工作领导小组2021年第2次会议", "林下中药材种植关键技术配套"),
    (2022, "科研配套", 10, "区委人才工作领导小组2022年第1次会议", "精密模具团队设备配套"),
    (2022, "创业创新补贴", 6, "区委人才工作领导小组2022年第2次会议", "返乡电商团队起步扶持"),
    (2022, "科研配套", 8, "区委人才工作领导小组2022年第3次会议", "数字化诊疗平台配套"),
)
LIVING = {"A": 24000, "B": 24000, "C": 18000, "D": 12000, "E": 6000, "F": 6000}


def load(demo: Demo) -> None:
    """Fill the area: budgets are as large as what is to be paid out of them asks for."""
    run = _Run(demo)
    demo.save(list(run.items.values()))
    items = run.items
    demo.save([ItemExclusion(item=items[a], other=items[b], basis=basis) for a, b, basis in PAIRS])
    demo.save(list(_funds(run)))
    run.titled()
    run.recognised()
    run.applied()
    run.cases()
    demo.save(run.applications)
    demo.save(list(_open_applications(run)))
    run.budgets |= _paid_budgets(run)
    demo.save([*run.budgets.values(), *_other_budgets(run)])
    for row, name in run.payments:
        row.budget = run.budgets[row.paid_on.year, name]
    demo.save([row for row, _ in run.payments])


@dataclass
class _Run:
    """Applications and payments to be, each payment with the name of its budget."""

    demo: Demo
    applications: list[Application] = field(default_factory=list)
    payments: list[tuple[Disbursement, str]] = field(default_factory=list)
    budgets: dict[tuple[int, str], Budget] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = self.demo.random("funds")
        self.units = {unit.name: unit for unit in Unit.objects.all()}
        policies = list(Policy.objects.order_by("pk"))
        self.items = {
            name: PolicyItem(
                name=name, kind=kind, standard=standard, instalments=instalments,
                policy=next(p for p in policies if policy in p.title),
                for_person=bool(person), for_team=bool(team), for_unit=bool(unit),
            )
            for name, kind, policy, standard, person, team, unit, instalments in ITEMS
        }  # fmt: skip
        people = [p for p in self.demo.people.people if p.left_on is None]
        self.people = self.random.sample(people, len(people))
        self.firms = [u for u in self.units.values() if u.type in ("31", "32")]

    def day(self, year: int, first: int = 3, last: int = 11) -> datetime.date:
        return datetime.date(year, self.random.randint(first, last), self.random.randint(1, 28))

    def pay(self, item: str, budget: str, amount: float, **values: Any) -> None:
        source = PAID_BUDGETS[budget][1]
        row = Disbursement(item=self.items[item], amount_yuan=Decimal(amount), source=source)
        for name, value in values.items():
            setattr(row, name, value)
        self.payments.append((row, budget))

    def titled(self) -> None:
        """Allowances of experts, by half-years while the title lasts, one of the two a year."""
        chosen: dict[tuple[int, int], str] = {}
        titles = ExpertTitle.objects.filter(kind__in=("04", "05")).select_related("person__owner")
        rows = list(titles.order_by("-kind", "level", "pk"))
        for year in YEARS:
            for half, words in ((1, "上半年"), (2, "下半年")):
                on, paid = datetime.date(year, 6 * half, 20), set()
                for row in rows:
                    item = "人才津贴" if row.kind == "05" else "拔尖人才补助"
                    stands = row.obtained_on <= on and (row.left_on is None or row.left_on > on)
                    if not stands or row.person_id in paid:
                        continue
                    if chosen.setdefault((row.person_id, year), item) != item:
                        continue
                    paid.add(row.person_id)
                    month = 500 if row.kind == "05" else 800 if row.level == "3" else 300
                    self.pay(
                        item, "专家津贴", month * 6, person=row.person, paid_on=on,
                        period_label=f"{year}年{words}", approval_year=year,
                        tier="B" if row.level == "3" else "C",
                    )  # fmt: skip

    def recognised(self) -> None:
        """Living subsidies of those who are recognised, from the year after on."""
        rows = Recognition.objects.filter(catalogue__in=("1", "2", "3", "4"))
        paid: set[tuple[int, int]] = set()
        for row in rows.select_related("person__owner").order_by("catalogue", "pk"):
            for year in YEARS:
                key = (row.person_id, year)
                if row.starts_on > datetime.date(year, 10, 1) or key in paid:
                    continue
                paid.add(key)
                budget = "引才安居补贴" if row.catalogue in ("3", "4") else "市级引才配套补助"
                self.pay(
                    "生活补贴", budget, LIVING.get(row.tier, 6000), person=row.person,
                    paid_on=self.day(year, 10, 12), period_label=f"{year}年度",
                    approval_year=row.starts_on.year, tier=row.tier,
                )  # fmt: skip

    def applied(self) -> None:
        """What was applied for and approved, a third of it in the year before it was paid."""
        for item, budget, amounts, times, counts in APPLIED:
            for year, count in zip(YEARS, counts, strict=True):
                for number in range(count):
                    before = number % 3 == 0
                    asked_on = self.day(year - 1, 9, 10) if before else self.day(year, 2, 4)
                    who = self.claimant(self.items[item], number)
                    asked = self.ask(item, who, asked_on, self.random.choice(amounts))
                    self.pay_in_parts(asked, item, budget, year, times)

    def claimant(self, item: PolicyItem, number: int) -> Person | Unit:
        """Somebody who has not applied yet; the firms take turns."""
        if item.for_person:
            return self.people.pop()
        return self.firms[(list(self.items.values()).index(item) + number) % len(self.firms)]

    def ask(
        self, item: str, who: Person | Unit, asked_on: datetime.date, wan: float, **values: Any
    ) -> Application:
        """An application that was approved within two months, in the same year."""
        share = self.random.choice((1, 1, 1.2))
        row = Application(
            item=self.items[item], person=who if isinstance(who, Person) else None,
            unit=who if isinstance(who, Unit) else None,
            owner=who if isinstance(who, Unit) else who.owner,
            asked_on=asked_on, asked_yuan=Decimal(int(wan * share * WAN)), status=Status.APPROVED,
            decided_on=asked_on + datetime.timedelta(days=self.random.randint(15, 60)),
            approved_yuan=Decimal(int(wan * WAN)), opinion="符合条件，同意",
            **values,
        )  # fmt: skip
        self.applications.append(row)
        return row

    def pay_in_parts(
        self, asked: Application, item: str, budget: str, year: int, times: int
    ) -> None:
        first = self.day(year, 6, 8)
        amount = (asked.approved_yuan or Decimal(0)) / times
        for part in range(times):
            self.pay(
                item, budget, float(amount), application=asked, person=asked.person,
                unit=asked.unit, owner=asked.owner, approval_year=asked.decided_on.year,  # type: ignore[union-attr]
                paid_on=first + datetime.timedelta(days=90 * part),
                period_label=f"{year}年第{part + 1}期",
            )  # fmt: skip

    def cases(self) -> None:
        for year, item, wan, meeting, title in CASES:
            asked = self.ask(
                item, self.people.pop(), self.day(year, 3, 5), wan, route=Route.CASE,
                meeting=meeting, title=title, team=title[:-2] if "团队" in title else "",
            )  # fmt: skip
            self.pay_in_parts(asked, item, "创业创新扶持", year, 1)


def _funds(run: _Run) -> Iterator[Fund]:
    for name, kind, stage, platform, unit, wan, day in FUNDS:
        yield Fund(
            name=name, kind=kind, stage=stage, platform=platform, unit=run.units[unit],
            size_yuan=Decimal(wan * WAN), started_on=datetime.date.fromisoformat(day),
            owner=run.demo.owner,
        )  # fmt: skip


def _open_applications(run: _Run) -> Iterator[Application]:
    """Applications that still wait at the end of the last year, and some that were refused."""
    for number in range(9):
        asked_on = datetime.date(YEARS[-1], 10, 8 + number)
        person = run.people.pop()
        refused = number % 3 == 0
        yield Application(
            item=run.items["购房补贴" if number % 2 else "青年人才见习补贴"], person=person,
            owner=person.owner, asked_on=asked_on, asked_yuan=Decimal(9000 + 1000 * number),
            status=Status.REFUSED if refused else Status.ASKED,
            decided_on=datetime.date(YEARS[-1], 12, 9) if refused else None,
            opinion="不符合在本区缴纳社保满一年的条件" if refused else "",
        )  # fmt: skip


def _paid_budgets(run: _Run) -> dict[tuple[int, str], Budget]:
    """Budgets that payments come out of: what is allocated leaves a little."""
    total = Fund.objects.get(name=FUNDS[0][0])
    made = {}
    for year in YEARS:
        for name, (use, source, unit) in PAID_BUDGETS.items():
            paid = [r for r, budget in run.payments if (r.paid_on.year, budget) == (year, name)]
            spent = sum((row.amount_yuan for row in paid), Decimal(0))
            allocated = -(-int(spent * 107 / 100) // WAN) * WAN
            made[year, name] = Budget(
                year=year, name=name, fund=total if source == "01" else None, use=use,
                source=source, unit=run.units[unit], owner=run.demo.owner,
                budgeted_yuan=Decimal(allocated + 2 * WAN), allocated_yuan=Decimal(allocated),
                disbursed_yuan=spent, used_yuan=spent,
            )  # fmt: skip
    return made


def _other_budgets(run: _Run) -> Sequence[Budget]:
    """Budgets that are spent without payments to anybody of the register."""
    rows = []
    for name, use, source, unit, amounts in OTHER_BUDGETS:
        for year, wan in zip(YEARS, amounts, strict=True):
            planned = Decimal(str(wan)) * WAN
            spent = planned * run.random.choice((90, 95, 100)) / 100
            row = Budget(
                year=year, name=name, use=use, source=source, unit=run.units[unit],
                owner=run.demo.owner, budgeted_yuan=planned, allocated_yuan=planned,
                disbursed_yuan=spent, used_yuan=spent * 96 / 100,
            )  # fmt: skip
            rows.append(row)
    return rows
