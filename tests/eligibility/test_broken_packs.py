"""Broken packs: each is the pack below with one slip of the pen, and is refused with exactly these words."""

# ruff: noqa: E501 - a case is a few words, the change, and the whole refusal

from __future__ import annotations

import pytest

from claims.eligibility import PackRefusal, check_examples, load_pack

PACK = """\
pack: 1
code: chat_terms
scheme: test
title: {ko: 채팅 약관, en: Chat terms}
verified: own
sources:
  terms: {text: the terms of these tests}
incidents: {from: 2022-10-01, before: 2022-11-01}
zone: Asia/Seoul
scope:
  - {fact: plan, in: [basic, gold]}
facts:
  plan:
    type: text
    values: [basic, gold]
    label: {ko: 요금제, en: Plan}
  wish:
    type: text
    values: [money, time]
    label: {ko: 선택, en: Wish}
  fee:
    type: money
    label: {ko: 월 요금, en: Monthly fee}
    quote: claimant
    decide: partner
    pay: staff
  members:
    type: integer
    of: loss
    default: 1
    label: {ko: 이용자 수, en: People cut off}
  joined_at:
    type: instant
    label: {ko: 가입 시각, en: When they joined}
  paid_until:
    type: date
    label: {ko: 이용 종료일, en: Last day paid for}
figures:
  cap: {value: 9000, unit: KRW, source: terms}
  floor: {value: 100, unit: KRW, source: terms}
  part: {value: "12.5", unit: percent, source: terms}
  per_hour:
    unit: KRW
    dated:
      - {from: 2022-01-01, value: 90, source: terms}
      - {from: 2022-10-10, value: 120, source: terms}
amounts:
  factor:
    match: plan
    values: {basic: 1, gold: 2}
  price:
    multiply:
      - {figure: per_hour, on: {day_of: {at: start, of: counted}}}
      - {amount: factor}
reasons:
  joined_late: {ko: 늦게 가입했습니다., en: They joined too late.}
  too_long: {ko: 사람이 봅니다., en: A person looks at it.}
  all_paid: {ko: 한도입니다., en: The limit is reached.}
rules:
  - code: by_day
    title: {ko: 하루마다, en: Day by day}
    losses: {services: [chat]}
    windows:
      weights: {partial: "1/2"}
      hours:
        - {from: "08:00", before: "22:00", days: working, calendar: KR}
    measures:
      outages: {severities: [full]}
    require:
      - {fact: joined_at, before: 2022-10-15, reason: joined_late}
    review:
      - {that: {counted: days}, above: 9, reason: too_long}
    amount:
      total:
        tiers:
          - {up_to: 1, pays: 0}
          - {above: 1, up_to: 4, pays: 500}
          - {above: 4, pays: 1000}
        of: {counted: hours}
      each: day
    at_least: {figure: floor}
    at_most: {figure: cap}
    remedy: {instrument: credit, unit: KRW, currency: KRW}
  - code: by_loss
    title: {ko: 손해마다, en: Loss by loss}
    losses: {services: [chat.call], each: true}
    windows:
      stated:
        - {services: [chat.call], from: 2022-10-18T09:00:00+09:00, before: 2022-10-18T12:00:00+09:00, source: terms}
    amount:
      multiply: [{completed: {counted: minutes}, per: 60}, {amount: price}, {fact: members}]
    remedy: {instrument: cash, unit: KRW, currency: KRW}
  - code: by_wish
    title: {ko: 고르기, en: As they wish}
    chosen_by: wish
    choices:
      - option: money
        amount: {divide: [{percent: {figure: part}, of: {fact: fee}}, 2]}
        remedy: {instrument: points, unit: point}
      - option: time
        amount: 3
        remedy: {instrument: days, unit: day, extends: paid_until}
limits:
  - {rules: [by_day, by_loss], at_most: 8000, reason: all_paid}
deadlines:
  answer: {days: 15, counted: working, calendar: KR, after: claim, source: terms}
setting:
  windows:
    - {service: chat, from: 2022-10-17T09:00:00+09:00, before: 2022-10-17T15:00:00+09:00}
  losses:
    - {service: chat.text, from: 2022-10-17T10:00:00+09:00, before: 2022-10-17T13:00:00+09:00}
  facts: {plan: basic, fee: 1000, joined_at: 2022-09-01T00:00:00+09:00}
examples:
  - {name: three hours, expect: {by_day: 500, by_loss: no line}}
  - name: half of it
    facts: {plan: gold, wish: time, paid_until: 2022-10-31}
    losses:
      - {service: chat.call, from: 2022-10-18T09:30:00+09:00, before: 2022-10-18T10:30:00+09:00}
    expect: {by_loss: 240, by_wish: {quantity: 3, until: 2022-11-03}}
"""

BROKEN = [  # name, what is replaced in the pack, by what, and the refusal
    # keys
    ("unknown key of a pack", "zone: Asia/Seoul\n", "zone: Asia/Seoul\nsurprise: 1\n",
     "broken.yaml:10: pack_invalid: surprise: no such key here; correct it or take it out, known are pack, code, scheme, demonstration, title, verified, sources, incidents, zone, asked_for, scope, facts, figures, amounts, recovery_floor, reasons, rules, limits, deadlines, automatic, setting, examples"),
    ("unknown key of a rule", "    chosen_by: wish\n", "    chosen_from: wish\n    chosen_by: wish\n",
     "broken.yaml:95: pack_invalid: rules[2].chosen_from: no such key here; correct it or take it out, known are code, title, applies, losses, windows, measures, require, review, chosen_by, choices, at_least, at_most, deduct, minimum, round, amount, remedy"),
    ("unknown key of an amount", "of: {counted: hours}", "of: {counted: hours, measures: outages}",
     "broken.yaml:79: pack_invalid: rules[0].amount.total.of.measures: no such key here; correct it or take it out, known are counted, measure"),
    ("unknown key of an expectation", "{quantity: 3, until: 2022-11-03}", "{quantiti: 3}",
     "broken.yaml:119: pack_invalid: examples[1].expect.by_wish.quantiti: no such key here; correct it or take it out, known are quantity, unit, instrument, outcome, until, reasons, top_up"),
    ("missing zone", "zone: Asia/Seoul\n", "",
     "broken.yaml:1: pack_invalid: `zone` is missing; add it: Whose days, months and hours the scheme means: a name like Asia/Seoul"),
    ("missing source of a figure", "cap: {value: 9000, unit: KRW, source: terms}", "cap: {value: 9000, unit: KRW}",
     "broken.yaml:39: pack_invalid: figures.cap: `source` is missing; add it: one of the pack's `sources`"),
    ("missing unit of a figure", "cap: {value: 9000, unit: KRW, source: terms}", "cap: {value: 9000, source: terms}",
     "broken.yaml:39: pack_invalid: figures.cap: `unit` is missing; add it"),
    ("missing value of a figure", "cap: {value: 9000, unit: KRW, source: terms}", "cap: {unit: KRW, source: terms}",
     "broken.yaml:39: pack_invalid: figures.cap: a figure has one of `value` and `dated` values, found none"),
    ("missing source of a dated value", "{from: 2022-10-10, value: 120, source: terms}", "{from: 2022-10-10, value: 120}",
     "broken.yaml:46: pack_invalid: figures.per_hour.dated[1]: `source` is missing; add it"),
    ("missing reason of a requirement", "before: 2022-10-15, reason: joined_late}", "before: 2022-10-15}",
     "broken.yaml:70: pack_invalid: rules[0].require[0]: `reason` is missing; add it: one of the pack's `reasons`"),
    ("missing reason of a review", "above: 9, reason: too_long}", "above: 9}",
     "broken.yaml:72: pack_invalid: rules[0].review[0]: `reason` is missing; add it: one of the pack's `reasons`"),
    ("missing period of a total", "      each: day\n", "",
     "broken.yaml:73: pack_invalid: rules[0].amount: `each` is missing; add it: What the counted time is cut into: consecutive runs, or calendar periods of the pack's zone (weeks from Monday)"),
    ("missing amount of a rule", "        amount: 3\n", "",
     "broken.yaml:100: pack_invalid: rules[2].choices[1]: `amount` is missing; add it"),
    ("missing amount and choices", "    amount:\n      multiply: [{completed: {counted: minutes}, per: 60}, {amount: price}, {fact: members}]\n",
     "",
     "broken.yaml:84: pack_invalid: rules[1]: `amount` is missing; add it"),
    ("an amount beside choices", "    chosen_by: wish\n", "    chosen_by: wish\n    amount: 3\n",
     "broken.yaml:96: pack_invalid: rules[2].amount: a rule has an `amount` and a `remedy`, or `choices` that each have them; found both"),
    ("null as an amount", "of: {counted: hours}", "of:",
     'broken.yaml:79: pack_invalid: rules[0].amount.total.of: found null, expected a whole number, an exact number in quotes, like "12.5" or "1/3", or a mapping like {fact: fee}'),
    ("an empty list", "losses: {services: [chat]}", "losses: {services: []}",
     "broken.yaml:62: pack_invalid: rules[0].losses.services: found [], expected 1 or more entries"),
    ("a text for a list", "losses: {services: [chat]}", "losses: {services: chat}",
     "broken.yaml:62: pack_invalid: rules[0].losses.services: found 'chat', expected a list"),
    ("a text for a mapping", "losses: {services: [chat]}", "losses: chat",
     "broken.yaml:62: pack_invalid: rules[0].losses: found 'chat', expected a mapping"),
    # names
    ("undeclared source of a figure", "cap: {value: 9000, unit: KRW, source: terms}", "cap: {value: 9000, unit: KRW, source: press}",
     "broken.yaml:39: pack_reference: figures.cap.source: no source 'press'; name one of terms, or declare it under `sources`"),
    ("undeclared source of a dated value", "value: 120, source: terms}", "value: 120, source: press}",
     "broken.yaml:46: pack_reference: figures.per_hour.dated[1].source: no source 'press'; name one of terms, or declare it under `sources`"),
    ("undeclared source of a stated window", "2022-10-18T12:00:00+09:00, source: terms}", "2022-10-18T12:00:00+09:00, source: press}",
     "broken.yaml:89: pack_reference: rules[1].windows.stated[0].source: no source 'press'; name one of terms, or declare it under `sources`"),
    ("undeclared source of a deadline", "after: claim, source: terms}", "after: claim, source: press}",
     "broken.yaml:106: pack_reference: deadlines.answer.source: no source 'press'; name one of terms, or declare it under `sources`"),
    ("undeclared fact of an amount", "{fact: members}", "{fact: member}",
     "broken.yaml:91: pack_reference: rules[1].amount.multiply[2].fact: no fact 'member'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared fact of a condition", "{fact: joined_at, before", "{fact: joined, before",
     "broken.yaml:70: pack_reference: rules[0].require[0].fact: no fact 'joined'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared fact of the scope", "{fact: plan, in:", "{fact: plans, in:",
     "broken.yaml:11: pack_reference: scope[0].fact: no fact 'plans'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared fact of a match", "match: plan", "match: plans",
     "broken.yaml:49: pack_reference: amounts.factor.match: no fact 'plans'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared fact of a span", "completed: {counted: minutes}", "completed: {between: [joined, joined_at], in: hours}",
     "broken.yaml:91: pack_reference: rules[1].amount.multiply[0].completed.between[0]: no fact 'joined'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared fact that chooses", "chosen_by: wish", "chosen_by: wishes",
     "broken.yaml:95: pack_reference: rules[2].chosen_by: no fact 'wishes'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared date that is extended", "extends: paid_until", "extends: paid_to",
     "broken.yaml:102: pack_reference: rules[2].choices[1].remedy.extends: no fact 'paid_to'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared figure", "at_most: {figure: cap}", "at_most: {figure: top}",
     "broken.yaml:82: pack_reference: rules[0].at_most.figure: no figure 'top'; name one of cap, floor, part, per_hour, or declare it under `figures`"),
    ("undeclared figure as a divisor", "{fact: fee}}, 2]", "{fact: fee}}, {figure: half}]",
     "broken.yaml:98: pack_reference: rules[2].choices[0].amount.divide[1].figure: no figure 'half'; name one of cap, floor, part, per_hour, or declare it under `figures`"),
    ("undeclared figure of overpayments", "zone: Asia/Seoul\n", "zone: Asia/Seoul\nrecovery_floor: smallest\n",
     "broken.yaml:10: pack_reference: recovery_floor: no figure 'smallest'; name one of cap, floor, part, per_hour, or declare it under `figures`"),
    ("undeclared figure of a late answer", "after: claim, source: terms}", "after: claim, source: terms, late: daily}",
     "broken.yaml:106: pack_reference: deadlines.answer.late: no figure 'daily'; name one of cap, floor, part, per_hour, or declare it under `figures`"),
    ("undeclared amount", "{amount: price}", "{amount: prize}",
     "broken.yaml:91: pack_reference: rules[1].amount.multiply[1].amount: no amount 'prize'; name one of factor, price, or declare it under `amounts`"),
    ("undeclared reason", "reason: joined_late}", "reason: too_late}",
     "broken.yaml:70: pack_reference: rules[0].require[0].reason: no reason 'too_late'; name one of all_paid, joined_late, too_long, or declare it under `reasons`"),
    ("undeclared reason of a person", "        amount: 3\n", "        amount: {needs_review: unclear}\n",
     "broken.yaml:101: pack_reference: rules[2].choices[1].amount.needs_review: no reason 'unclear'; name one of all_paid, joined_late, too_long, or declare it under `reasons`"),
    ("undeclared reason of a limit", "reason: all_paid}", "reason: paid}",
     "broken.yaml:104: pack_reference: limits[0].reason: no reason 'paid'; name one of all_paid, joined_late, too_long, or declare it under `reasons`"),
    ("undeclared measure", "      each: day\n", "      each: day\n      measure: outage\n",
     "broken.yaml:81: pack_reference: rules[0].amount.measure: no measure 'outage'; name one of outages, or declare it under `measures`"),
    ("undeclared figure of the scope", "{fact: plan, in: [basic, gold]}", "{that: {figure: top}, above: 1}",
     "broken.yaml:11: pack_reference: scope[0].that.figure: no figure 'top'; name one of cap, floor, part, per_hour, or declare it under `figures`"),
    ("undeclared rule of a limit", "rules: [by_day, by_loss]", "rules: [by_day, by_los]",
     "broken.yaml:104: pack_reference: limits[0].rules[1]: no rule 'by_los'; name one of by_day, by_loss, by_wish, or declare it under `rules`"),
    ("undeclared rule of an example", "by_loss: no line}", "by_los: no line}",
     "broken.yaml:114: pack_reference: examples[0].expect.by_los: no rule 'by_los'; name one of by_day, by_loss, by_wish, or declare it under `rules`"),
    ("undeclared fact of an example", "{plan: gold, wish: time,", "{plan: gold, wishes: time,",
     "broken.yaml:116: pack_reference: examples[1].facts.wishes: no fact 'wishes'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared fact of the setting", "{plan: basic, fee: 1000,", "{plan: basic, fees: 1000,",
     "broken.yaml:112: pack_reference: setting.facts.fees: no fact 'fees'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("undeclared measure of a rule that has none", "{completed: {counted: minutes}", "{completed: {counted: minutes, measure: outages}",
     "broken.yaml:91: pack_reference: rules[1].amount.multiply[0].completed.measure: no measure 'outages'; declare it under `measures`"),
    ("rule code twice", "- code: by_wish", "- code: by_day",
     "broken.yaml:93: pack_reference: rules[2].code: another rule has the code 'by_day'; give each its own\n"
     "broken.yaml:104: pack_reference: limits[0].rules: lines in KRW and day and point cannot be added up; name rules of one unit\n"
     "broken.yaml:119: pack_reference: examples[1].expect.by_wish: no rule 'by_wish'; name one of by_day, by_loss, or declare it under `rules`"),
    ("example name twice", "- name: half of it", "- name: three hours",
     "broken.yaml:115: pack_reference: examples[1].name: another example has the name 'three hours'; give each its own"),
    ("unknown service of an example", "service: chat.call, from: 2022-10-18T09:30", "service: chta.call, from: 2022-10-18T09:30",
     "broken.yaml:118: unknown_service: examples[1].losses[0].service: no rule speaks of 'chta.call'; name one of chat, chat.call, or a service below it"),
    ("unknown service of the setting", "{service: chat.text,", "{service: talk,",
     "broken.yaml:111: unknown_service: setting.losses[0].service: no rule speaks of 'talk'; name one of chat, chat.call, or a service below it"),
    ("badly written service", "[chat.call], each: true", "[Chat Call], each: true",
     "broken.yaml:86: pack_invalid: rules[1].losses.services[0]: found 'Chat Call', expected a service, like kakao_t.taxi_call"),
    ("service code too long", "[chat.call], each: true",
     "[a.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b], each: true",
     "broken.yaml:86: pack_invalid: rules[1].losses.services[0]: found 'a.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b...., expected at most 100 characters"),
    ("badly written code", "code: chat_terms", "code: Chat terms",
     "broken.yaml:2: pack_invalid: code: found 'Chat terms', expected a name of small letters, digits and _, like fee_of_days"),
    ("badly written name", "  all_paid: {ko", "  All Paid: {ko",
     "broken.yaml:58: pack_invalid: reasons.All Paid: found the key 'All Paid', expected a name of small letters, digits and _, like fee_of_days"),
    # figures
    ("float figure", 'value: "12.5"', "value: 12.5",
     'broken.yaml:41: yaml_invalid: figures.part.value: found 12.5, expected a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes'),
    ("infinity", 'value: "12.5"', "value: .inf",
     'broken.yaml:41: yaml_invalid: figures.part.value: found .inf, expected a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes'),
    ("exponent", 'value: "12.5"', 'value: "1e3"',
     "broken.yaml:41: pack_invalid: figures.part.value: found '1e3', expected a whole number or an exact number in quotes, like \"12.5\" or \"1/3\""),
    ("exponent without quotes", 'value: "12.5"', "value: 1.0e+3",
     'broken.yaml:41: yaml_invalid: figures.part.value: found 1.0e+3, expected a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes'),
    ("text figure", "{value: 9000,", "{value: 9000 won,",
     "broken.yaml:39: pack_invalid: figures.cap.value: found '9000 won', expected a whole number or an exact number in quotes, like \"12.5\" or \"1/3\""),
    ("boolean figure", "{value: 9000,", "{value: true,",
     'broken.yaml:39: pack_invalid: figures.cap.value: found true, expected a whole number or an exact number in quotes, like "12.5" or "1/3"'),
    ("octal figure", "{value: 9000,", "{value: 0100,",
     'broken.yaml:39: yaml_invalid: figures.cap.value: found 0100, expected a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes'),
    ("value and dated values", "    unit: KRW\n", "    unit: KRW\n    value: 5\n    source: terms\n",
     "broken.yaml:42: pack_invalid: figures.per_hour: a figure has one of `value` and `dated` values, found both"),
    ("one source of dated values", "    unit: KRW\n", "    unit: KRW\n    source: terms\n",
     "broken.yaml:44: pack_invalid: figures.per_hour.source: each dated value names its own source; take this one out"),
    ("dated values not ascending", "from: 2022-10-10, value: 120", "from: 2022-01-01, value: 120",
     "broken.yaml:46: pack_invalid: figures.per_hour.dated[1].from: found 2022-01-01 after 2022-01-01; order the values from the first day to the last, each day once"),
    ("dated figure without a day", "{figure: per_hour, on: {day_of: {at: start, of: counted}}}", "{figure: per_hour}",
     "broken.yaml:53: pack_reference: amounts.price.multiply[0]: per_hour is dated; add the day whose value is meant, like `on: {day_of: ...}`"),
    ("undated figure with a day", "at_most: {figure: cap}", "at_most: {figure: cap, on: {day_of: {at: start, of: losses}}}",
     "broken.yaml:82: pack_reference: rules[0].at_most: cap has one value on all days; take `on` out"),
    ("no whole figure of overpayments", "zone: Asia/Seoul\n", "zone: Asia/Seoul\nrecovery_floor: part\n",
     "broken.yaml:10: pack_reference: recovery_floor: part is dated or not whole; name a figure with one whole `value`"),
    ("not a day", "before: 2022-11-01}", "before: 2022-11-31}",
     "broken.yaml:8: pack_invalid: incidents.before: found 2022-11-31, expected a day that the calendar has"),
    ("a day of year 1", "{from: 2022-10-01,", "{from: 0001-10-01,",
     "broken.yaml:8: pack_invalid: incidents.from: found 0001-10-01, expected a day between 2000 and 2100"),
    ("incidents that end before they begin", "before: 2022-11-01}", "before: 2022-10-01}",
     "broken.yaml:8: pack_invalid: incidents.before: found 2022-10-01, which is not after 2022-10-01; write the day after the last one"),
    ("a day and a time", "{from: 2022-10-01,", "{from: 2022-10-01T00:00:00Z,",
     "broken.yaml:8: pack_invalid: incidents.from: found '2022-10-01T00:00:00Z', expected a day like 2022-10-15"),
    # amounts
    ("name of a fact without fact", "        amount: 3\n", "        amount: fee\n",
     "broken.yaml:101: pack_invalid: rules[2].choices[1].amount: found 'fee', expected a whole number, an exact number in quotes, like \"12.5\" or \"1/3\", or a mapping like {fact: fee}"),
    ("no such amount", "        amount: 3\n", "        amount: {guess: 3}\n",
     "broken.yaml:101: pack_invalid: rules[2].choices[1].amount: found {'guess': 3}, expected one of the keys add, amount, at, between, cases, completed, counted, day_of, days_in, days_touched, divide, fact, figure, first_day, first_known, greater_of, greatest, last_day, later, lesser_of, match, multiply, needs_review, percent, piece, quotient, rounded, started, subtract, tiers, total, weekday, working_days"),
    ("two amounts in one", "{amount: factor}", "{amount: factor, figure: cap}",
     "broken.yaml:54: pack_invalid: amounts.price.multiply[1]: found {'amount': 'factor', 'figure': 'cap'}, expected only one of figure and amount"),
    ("boolean as an amount", "        amount: 3\n", "        amount: true\n",
     'broken.yaml:101: pack_invalid: rules[2].choices[1].amount: found true, expected a whole number, an exact number in quotes, like "12.5" or "1/3", or a mapping like {fact: fee}'),
    ("one part of a sum", "        amount: 3\n", "        amount: {add: [3]}\n",
     "broken.yaml:101: pack_invalid: rules[2].choices[1].amount.add: found [3], expected 2 or more entries"),
    ("one side of a division", "of: {fact: fee}}, 2]", "of: {fact: fee}}]",
     "broken.yaml:98: pack_invalid: rules[2].choices[0].amount.divide: found [{'percent': {'figure': 'part'}, 'of': {'fact': 'fee'}}], expected a list of two"),
    ("unit of time that is none", "{counted: hours}", "{counted: hour}",
     "broken.yaml:79: pack_invalid: rules[0].amount.total.of.counted: found 'hour', expected 'seconds', 'minutes', 'hours' or 'days'"),
    ("amount that needs itself", "{amount: factor}", "{amount: price}",
     "broken.yaml:51: pack_reference: amounts.price: the amount needs itself, price -> price; write one of them without the next"),
    ("amount that needs itself over another", "values: {basic: 1, gold: 2}", "values: {basic: 1, gold: {amount: price}}",
     "broken.yaml:48: pack_reference: amounts.factor: the amount needs itself, factor -> price -> factor; write one of them without the next"),
    ("divisor that is a fact", "of: {fact: fee}}, 2]", "of: {fact: fee}}, {fact: fee}]",
     "broken.yaml:98: divisor_unbounded: rules[2].choices[0].amount: one divides by a number, a figure, `days_in`, or a product of these; use `quotient` and say how it rounds"),
    ("divisor 0", "of: {fact: fee}}, 2]", "of: {fact: fee}}, 0]",
     "broken.yaml:98: divisor_not_positive: rules[2].choices[0].amount: found a divisor of 0, expected one above 0"),
    ("unit 0 of completed", "per: 60}", "per: 0}",
     "broken.yaml:91: unit_not_positive: rules[1].amount.multiply[0].per: found a unit of 0, expected one above 0"),
    ("unit 0 of started", "{completed: {counted: minutes}, per: 60}", "{started: {counted: minutes}, per: 0}",
     "broken.yaml:91: unit_not_positive: rules[1].amount.multiply[0].per: found a unit of 0, expected one above 0"),
    ("unit that is a fact", "per: 60}", "per: {fact: members}}",
     "broken.yaml:91: pack_invalid: rules[1].amount.multiply[0].per: found {'fact': 'members'}, expected a number, or a figure like {figure: cap}"),
    ("a day added to a number", "        amount: 3\n", "        amount: {add: [3, {fact: paid_until}]}\n",
     "broken.yaml:101: amount_kind: rules[2].choices[1].amount: found a day, expected a number"),
    ("a day as an amount", "        amount: 3\n", "        amount: {fact: paid_until}\n",
     "broken.yaml:101: amount_kind: rules[2].choices[1].amount: found a day, expected a number"),
    ("an instant where a day is expected", "        amount: 3\n", "        amount: {weekday: {fact: joined_at}}\n",
     "broken.yaml:101: amount_kind: rules[2].choices[1].amount.weekday: found an instant, expected a day; write {day_of: ...} around it"),
    ("a text as an amount", "        amount: 3\n", "        amount: {fact: plan}\n",
     "broken.yaml:101: amount_kind: rules[2].choices[1].amount: plan is a text; compare it, or use `match`"),
    ("number of months that is no whole one", "        amount: 3\n",
     '        amount: {weekday: {later: {fact: paid_until}, by: "1/2", in: months}}\n',
     "broken.yaml:101: whole_number_expected: rules[2].choices[1].amount.weekday.by: found 1/2, expected a whole number up to 10,000"),
    ("more than 128 bits", "        amount: 3\n", "        amount: {multiply: [{fact: fee}, {fact: fee}, {fact: fee}]}\n",
     "broken.yaml:93: amount_overflow: rules[2]: a number exceeds 128 bits; lower the pack's figures, limits or units"),
    ("cap below floor", "{value: 9000,", "{value: 90,",
     "broken.yaml:82: pack_reference: rules[0].at_most: the cap 90 is below the floor 100; raise it, or lower `at_least`"),
    ("match without all values", "values: {basic: 1, gold: 2}", "values: {basic: 1}",
     "broken.yaml:48: pack_reference: amounts.factor: nothing is said for gold; add it under `values`, or say `otherwise`"),
    ("match of another value", "values: {basic: 1, gold: 2}", "values: {basic: 1, gold: 2, silver: 3}",
     "broken.yaml:50: pack_reference: amounts.factor.values.silver: found 'silver', expected one of the values of plan: basic, gold"),
    ("match of any text", "    values: [basic, gold]\n", "",
     "broken.yaml:47: pack_reference: amounts.factor: plan can have any value; say what holds `otherwise`, or give the fact `values`"),
    ("match of no text", "match: plan", "match: fee",
     "broken.yaml:49: pack_reference: amounts.factor.match: fee is of `type: money`, expected text; of that type are plan, wish"),
    ("source of no extent", "at: start, of: counted", "at: start, of: counted, source: terms",
     "broken.yaml:53: pack_invalid: amounts.price.multiply[0].on.day_of.source: only an extent has a `source`, found `of: counted`; take it out"),
    ("extent without source", "at: start, of: counted", "at: start, of: extent",
     "broken.yaml:53: pack_invalid: amounts.price.multiply[0].on.day_of: `source` is missing; add it: by whose word the extent is known"),
    # tiers
    ("overlap", "{above: 1, up_to: 4, pays: 500}", "{from: 1, up_to: 4, pays: 500}",
     "broken.yaml:77: pack_invalid: rules[0].amount.total.tiers[1]: an overlap of this tier with the one before it: found `from: 1`, expected `above: 1`; correct it, or leave it out"),
    ("gap", "{above: 4, pays: 1000}", "{above: 5, pays: 1000}",
     "broken.yaml:78: pack_invalid: rules[0].amount.total.tiers[2]: a gap between this tier and the one before it: found `above: 5`, expected `above: 4`; correct it, or leave it out"),
    ("gap of one point", "{up_to: 1, pays: 0}", "{below: 1, pays: 0}",
     "broken.yaml:77: pack_invalid: rules[0].amount.total.tiers[1]: a gap between this tier and the one before it: found `above: 1`, expected `from: 1`; correct it, or leave it out"),
    ("lower end of the first tier", "{up_to: 1, pays: 0}", "{from: 0, up_to: 1, pays: 0}",
     "broken.yaml:76: pack_invalid: rules[0].amount.total.tiers[0]: the first tier has no lower end; take `from: 0` out"),
    ("upper end of the last tier", "{above: 4, pays: 1000}", "{above: 4, up_to: 9, pays: 1000}",
     "broken.yaml:78: pack_invalid: rules[0].amount.total.tiers[2]: the last tier has no upper end; take `up_to: 9` out, or add a tier after it"),
    ("no upper end of another tier", "{above: 1, up_to: 4, pays: 500}", "{above: 1, pays: 500}",
     "broken.yaml:77: pack_invalid: rules[0].amount.total.tiers[1]: a tier before the last needs an upper end; add `up_to` (inclusive) or `below` (exclusive)"),
    ("not ascending", "{above: 1, up_to: 4, pays: 500}", "{up_to: 1, pays: 500}",
     "broken.yaml:77: pack_invalid: rules[0].amount.total.tiers[1]: found `up_to: 1` after a tier with `up_to: 1`; order the tiers from the lowest to the highest"),
    ("two lower ends", "{above: 4, pays: 1000}", "{above: 4, from: 4, pays: 1000}",
     "broken.yaml:78: pack_invalid: rules[0].amount.total.tiers[2]: the lower end is `from` (inclusive) or `above` (exclusive), found both; take one out"),
    ("two upper ends", "{up_to: 1, pays: 0}", "{up_to: 1, below: 1, pays: 0}",
     "broken.yaml:76: pack_invalid: rules[0].amount.total.tiers[0]: the upper end is `up_to` (inclusive) or `below` (exclusive), found both; take one out"),
    # conditions
    ("two comparisons", "above: 9, reason: too_long", "above: 9, below: 99, reason: too_long",
     "broken.yaml:72: pack_invalid: rules[0].review[0]: found above and below, expected exactly one comparison: is, in, known, from, before, until, at_least, at_most, above or below"),
    ("number for a day", "before: 2022-10-15, reason", "before: 2022, reason",
     "broken.yaml:70: pack_reference: rules[0].require[0].before: found 2022, expected a day like 2022-10-15, or an amount that is one"),
    ("comparison with no day", "before: 2022-10-15, reason", "before: soon, reason",
     "broken.yaml:70: pack_invalid: rules[0].require[0].before: found 'soon', expected a day like 2022-10-15, a whole number, an exact number in quotes, like \"12.5\" or \"1/3\", or a mapping like {fact: fee}"),
    ("no comparison", "above: 9, reason: too_long", "reason: too_long",
     "broken.yaml:72: pack_invalid: rules[0].review[0]: found none, expected exactly one comparison: is, in, known, from, before, until, at_least, at_most, above or below"),
    ("two subjects", "{that: {counted: days}, above: 9", "{that: {counted: days}, fact: fee, above: 9",
     "broken.yaml:72: pack_invalid: rules[0].review[0]: a condition has exactly one of `fact`, `that`, `any`, `all`, `not`, found fact and that"),
    ("no subject", "{that: {counted: days}, above: 9", "{above: 9",
     "broken.yaml:72: pack_invalid: rules[0].review[0]: a condition has exactly one of `fact`, `that`, `any`, `all`, `not`, found none"),
    ("comparison beside any", "{that: {counted: days}, above: 9",
     "{any: [{fact: fee, above: 1}, {fact: fee, below: 9}], above: 9",
     "broken.yaml:72: pack_invalid: rules[0].review[0]: `any` has conditions and no comparison of its own, found above; move it into one of them"),
    ("text compared with a number", "{fact: plan, in: [basic, gold]}", "{fact: plan, above: 5}",
     "broken.yaml:11: condition_type: scope[0]: `above: 5` does not compare a text; use `is` or `in`"),
    ("number compared with a text", "{that: {counted: days}, above: 9", "{that: {counted: days}, is: many",
     "broken.yaml:72: condition_type: rules[0].review[0]: `is: many` does not compare a number"),
    ("number compared with a day", "{that: {counted: days}, above: 9", "{that: {counted: days}, before: 2022-10-15",
     "broken.yaml:72: condition_type: rules[0].review[0]: `before` compares days and instants, found a number"),
    ("text that is no value", "in: [basic, gold]}", "in: [basic, silver]}",
     "broken.yaml:11: value_unknown: scope[0]: found 'silver'; plan is one of basic, gold"),
    ("one text without list", "in: [basic, gold]}", "in: basic}",
     "broken.yaml:11: pack_invalid: scope[0].in: found 'basic', expected a list"),
    ("known although assumed", "      multiply: [{completed:",
     "      cases: [{when: [{fact: members, known: true}], pays: 1}]\n      otherwise: 2\n    deduct:\n      - multiply: [{completed:",
     "broken.yaml:91: pack_reference: rules[1].amount.cases[0].when[0]: members has a default, so it is always known; compare its value"),
    # losses, windows and pieces
    ("counted time without losses", "        amount: 3\n", "        amount: {counted: hours}\n",
     "broken.yaml:101: pack_reference: rules[2].choices[1].amount: the rule by_wish answers no losses and so has no counted time; give it `losses`"),
    ("start of losses without losses", "        amount: 3\n", "        amount: {weekday: {day_of: {at: start, of: losses}}}\n",
     "broken.yaml:101: pack_reference: rules[2].choices[1].amount.weekday.day_of: the rule by_wish answers no losses and so has no start of losses; give it `losses`"),
    ("pieces without losses", "        amount: 3\n", "        amount: {total: 1, each: day}\n",
     "broken.yaml:101: pack_reference: rules[2].choices[1].amount: the rule by_wish answers no losses and so has no pieces of counted time; give it `losses`"),
    ("counted time in the scope", "{fact: plan, in: [basic, gold]}", "{that: {counted: hours}, above: 1}",
     "broken.yaml:11: pack_reference: scope[0].that: a scope, `applies` or a limit is about the claim and knows no counted time; say it in a rule with `losses`"),
    ("fact of a loss in the scope", "{fact: plan, in: [basic, gold]}", "{fact: members, above: 1}",
     "broken.yaml:11: pack_reference: scope[0].fact: a scope, `applies` or a limit is about the claim, and members is told of each loss; say it in a rule with `each: true`"),
    ("fact of a loss without each", "above: 9, reason: too_long}", "above: {fact: members}, reason: too_long}",
     "broken.yaml:72: pack_reference: rules[0].review[0].above.fact: members is told of each loss, and the rule by_day does not answer them one by one; give it `losses` with `each: true`, or ask for members of the claim"),
    ("piece outside of a total", "        amount: 3\n", "        amount: {piece: ordinal}\n",
     "broken.yaml:101: pack_reference: rules[2].choices[1].amount: there is no piece here; `piece` stands inside of `total` or `greatest`"),
    ("needs_review inside of a total", "pays: 1000}", "pays: {needs_review: too_long}}",
     "broken.yaml:78: pack_reference: rules[0].amount.total.tiers[2].pays: a person decides the whole, not a piece; say it under `review` or outside of the `total`"),
    ("needs_review of a limit", "at_most: 8000", "at_most: {needs_review: too_long}",
     "broken.yaml:104: pack_reference: limits[0].at_most: a scope, `applies` or a limit is about the claim and is not left to a person; say `needs_review` in a rule"),
    ("measure of an inner total", "        of: {counted: hours}", "        of: {counted: hours, measure: outages}",
     "broken.yaml:79: pack_reference: rules[0].amount.total.of.measure: a piece is cut from one measure; say `measure` at the outermost `total` only"),
    ("whole runs of runs", "      each: day\n", "      each: run\n      whole_runs: true\n",
     "broken.yaml:81: pack_invalid: rules[0].amount.whole_runs: `whole_runs` is said of periods, found `each: run`; take it out"),
    ("windows without losses", "    chosen_by: wish\n", "    chosen_by: wish\n    windows: {severities: [full]}\n",
     "broken.yaml:96: pack_invalid: rules[2].windows: `windows` count the time of losses; add `losses`, or take them out"),
    ("stated window of another service", "- {services: [chat.call], from: 2022-10-18T09", "- {services: [talk], from: 2022-10-18T09",
     "broken.yaml:89: unknown_service: rules[1].windows.stated[0].services[0]: the rule answers no loss of 'talk'; name one of chat.call, or a service below it"),
    ("gap of days", "      each: day\n", "      each: day\n      gap_minutes: 30\n",
     "broken.yaml:81: pack_invalid: rules[0].amount.gap_minutes: `gap_minutes` is said of runs, found `each: day`; take it out, or say `each: run`"),
    ("weight above 1", 'partial: "1/2"', 'partial: "3/2"',
     "broken.yaml:64: pack_invalid: rules[0].windows.weights.partial: found 3/2, expected a share from 0 to 1"),
    ("severity that is none", 'partial: "1/2"', 'slow: "1/2"',
     "broken.yaml:64: pack_invalid: rules[0].windows.weights.slow: found the key 'slow', expected 'full', 'partial' or 'intermittent'"),
    ("planned windows that count in no known way", "      weights: {partial: \"1/2\"}\n", "      weights: {partial: \"1/2\"}\n      planned: {counts: announced}\n",
     "broken.yaml:65: pack_invalid: rules[0].windows.planned.counts: found 'announced', expected 'never', 'always' or 'unannounced'"),
    ("planned windows without a way to count", "      weights: {partial: \"1/2\"}\n", "      weights: {partial: \"1/2\"}\n      planned: {hours_before: 24}\n",
     "broken.yaml:65: pack_invalid: rules[0].windows.planned: `counts` is missing; add it: When its time counts; `unannounced`: where nobody says that it was announced, or it was announced too late"),
    ("hours of an announcement that nobody asks for", "      weights: {partial: \"1/2\"}\n", "      weights: {partial: \"1/2\"}\n      planned: {counts: always, hours_before: 24}\n",
     "broken.yaml:65: pack_invalid: rules[0].windows.planned.hours_before: `hours_before` is said of `counts: unannounced`, found `counts: always`; take it out"),
    ("hours before below 0", "      weights: {partial: \"1/2\"}\n", "      weights: {partial: \"1/2\"}\n      planned: {counts: unannounced, hours_before: -1}\n",
     "broken.yaml:65: pack_invalid: rules[0].windows.planned.hours_before: found -1, expected 0 or more"),
    ("hours over midnight", 'from: "08:00", before: "22:00"', 'from: "22:00", before: "06:00"',
     'broken.yaml:66: pack_invalid: rules[0].windows.hours[0]: found 22:00 to 06:00, expected an end after the start; hours over midnight are two entries, one before "24:00" and one from "00:00"'),
    ("hours without quotes", 'before: "22:00"', "before: 22:00",
     'broken.yaml:66: yaml_invalid: rules[0].windows.hours[0].before: found 22:00, expected a text in quotes: "22:00"'),
    ("hours of no clock", 'before: "22:00"', 'before: "22"',
     "broken.yaml:66: pack_invalid: rules[0].windows.hours[0].before: found '22', expected a time of day in quotes, like \"08:00\""),
    ("working hours without calendar", "days: working, calendar: KR}", "days: working}",
     "broken.yaml:66: pack_invalid: rules[0].windows.hours[0]: `calendar` is missing; add it: whose public holidays are no working days, like KR or GB-ENG"),
    ("calendar of all days", "days: working, calendar: KR}", "calendar: KR}",
     "broken.yaml:66: pack_invalid: rules[0].windows.hours[0].calendar: only working days have a `calendar`; take it out"),
    ("unknown country", "days: working, calendar: KR}", "days: working, calendar: XX}",
     "broken.yaml:66: unknown_calendar: rules[0].windows.hours[0].calendar: no calendar 'XX'; write a country and, where it differs, a region: KR, GB-ENG, DE-BY"),
    ("badly written country", "days: working, calendar: KR}", "days: working, calendar: Korea}",
     "broken.yaml:66: pack_invalid: rules[0].windows.hours[0].calendar: found 'Korea', expected a country or region, like KR or GB-ENG"),
    ("working days without calendar", "        amount: 3\n",
     "        amount: {weekday: {later: {fact: paid_until}, by: 2, in: working_days}}\n",
     "broken.yaml:101: pack_invalid: rules[2].choices[1].amount.weekday: `calendar` is missing; add it: whose public holidays are no working days, like KR or GB-ENG"),
    ("calendar of other days", "        amount: 3\n",
     "        amount: {weekday: {later: {fact: paid_until}, by: 2, in: weeks, calendar: KR}}\n",
     "broken.yaml:101: pack_invalid: rules[2].choices[1].amount.weekday.calendar: only working days have a `calendar`; take it out"),
    ("deadline without calendar", "counted: working, calendar: KR, after", "counted: working, after",
     "broken.yaml:106: pack_invalid: deadlines.answer: `calendar` is missing; add it: whose public holidays are no working days, like KR or GB-ENG"),
    ("unknown zone", "zone: Asia/Seoul", "zone: Asia/Pangyo",
     "broken.yaml:9: pack_reference: zone: found 'Asia/Pangyo', expected a time zone, like Asia/Seoul"),
    ("folder of zones", "zone: Asia/Seoul", "zone: Asia",
     "broken.yaml:9: pack_reference: zone: found 'Asia', expected a time zone, like Asia/Seoul"),
    ("naive time of a stated window", "from: 2022-10-18T09:00:00+09:00", "from: 2022-10-18T09:00:00",
     "broken.yaml:89: pack_invalid: rules[1].windows.stated[0].from: 2022-10-18T09:00:00 has no offset; write +09:00 or Z behind it"),
    ("stated window of another century", "from: 2022-10-18T09:00:00+09:00", "from: 1999-10-18T09:00:00+09:00",
     "broken.yaml:89: pack_invalid: rules[1].windows.stated[0].from: found 1999-10-18T09:00:00+09:00, expected a time between 2000 and 2100"),
    ("no time of a stated window", "from: 2022-10-18T09:00:00+09:00", "from: in the morning",
     "broken.yaml:89: pack_invalid: rules[1].windows.stated[0].from: found 'in the morning', expected a time like 2022-10-15T15:30:00+09:00"),
    ("stated window that ends before it starts", "before: 2022-10-18T12:00:00+09:00", "before: 2022-10-18T08:00:00+09:00",
     "broken.yaml:89: pack_invalid: rules[1].windows.stated[0].before: found 2022-10-18T08:00:00+09:00, expected a time after 2022-10-18T09:00:00+09:00"),
    # remedies, choices and limits
    ("remedy that renews itself", "extends: paid_until}", "extends: paid_until, renews: true}",
     "broken.yaml:102: pack_invalid: rules[2].choices[1].remedy.renews: a remedy that renews itself is forbidden; take `renews` out"),
    ("cash without currency", "{instrument: cash, unit: KRW, currency: KRW}", "{instrument: cash, unit: KRW}",
     "broken.yaml:92: pack_invalid: rules[1].remedy: `currency` is missing; add it: for cash it is the unit, KRW"),
    ("credit without currency", "{instrument: credit, unit: KRW, currency: KRW}", "{instrument: credit, unit: KRW}",
     "broken.yaml:83: pack_invalid: rules[0].remedy: `currency` is missing; add it: KRW is a unit of money"),
    ("unit of another currency", "{instrument: cash, unit: KRW, currency: KRW}", "{instrument: cash, unit: won, currency: KRW}",
     "broken.yaml:92: pack_invalid: rules[1].remedy.unit: found 'won', expected KRW: the unit of money is its currency"),
    ("badly written currency", "{instrument: cash, unit: KRW, currency: KRW}", "{instrument: cash, unit: KRW, currency: won}",
     "broken.yaml:92: pack_invalid: rules[1].remedy.currency: found 'won', expected a currency, like KRW"),
    ("unit of days", "{instrument: days, unit: day,", "{instrument: days, unit: hour,",
     "broken.yaml:102: pack_invalid: rules[2].choices[1].remedy.unit: found 'hour', expected day, the unit of days"),
    ("points that extend a date", "{instrument: points, unit: point}", "{instrument: points, unit: point, extends: paid_until}",
     "broken.yaml:99: pack_invalid: rules[2].choices[0].remedy.extends: only days extend a date, found `instrument: points`; take it out"),
    ("instrument that is none", "{instrument: points, unit: point}", "{instrument: stamps, unit: point}",
     "broken.yaml:99: pack_invalid: rules[2].choices[0].remedy.instrument: found 'stamps', expected 'cash', 'credit', 'points', 'days', 'hours', 'data', 'coupon', 'waiver' or 'item'"),
    ("extended fact that is no date", "extends: paid_until", "extends: fee",
     "broken.yaml:102: pack_reference: rules[2].choices[1].remedy.extends: fee is of `type: money`, expected date; of that type are paid_until"),
    ("option that is no value", "- option: time", "- option: rest",
     "broken.yaml:100: pack_reference: rules[2].choices[1].option: found 'rest', expected one of the values of wish: money, time"),
    ("options of any text", "    values: [money, time]\n", "",
     "broken.yaml:94: pack_reference: rules[2].chosen_by: wish has no `values`; give it one for each `option` of the choices"),
    ("chosen by a fact that is no text", "chosen_by: wish", "chosen_by: fee",
     "broken.yaml:95: pack_reference: rules[2].chosen_by: fee is of `type: money`, expected text; of that type are plan, wish"),
    ("options that nobody chooses", "    chosen_by: wish\n", "",
     "broken.yaml:96: pack_invalid: rules[2].choices[0].option: found an option, but no fact that chooses; add `chosen_by` to the rule, or take it out"),
    ("chosen by, without options", "    title: {ko: 손해마다, en: Loss by loss}\n",
     "    title: {ko: 손해마다, en: Loss by loss}\n    chosen_by: wish\n",
     "broken.yaml:86: pack_invalid: rules[1].chosen_by: no choice has an `option`; add them, or take `chosen_by: wish` out"),
    ("one choice without option", "- option: time\n        amount", "- amount",
     "broken.yaml:100: pack_invalid: rules[2].choices[1]: `option` is missing; add it: others of the choices have one, and nobody could choose this"),
    ("limit of nothing", "at_most: 8000, reason: all_paid}", "reason: all_paid}",
     "broken.yaml:104: pack_invalid: limits[0]: a limit has `at_most`, `minimum`, or both, found none; add one"),
    ("limit without reason", "at_most: 8000, reason: all_paid}", "at_most: 8000}",
     "broken.yaml:104: pack_invalid: limits[0]: `reason` is missing; add it: one of the pack's `reasons`, said of a line that is cut"),
    ("reason of a limit that cuts nothing", "at_most: 8000, reason: all_paid}", "minimum: {above: 9}, reason: all_paid}",
     "broken.yaml:104: pack_invalid: limits[0].reason: only `at_most` cuts lines and says a `reason`; take it out, or add `at_most`"),
    ("limit over two units", "rules: [by_day, by_loss]", "rules: [by_day, by_loss, by_wish]",
     "broken.yaml:104: pack_reference: limits[0].rules: lines in KRW and day and point cannot be added up; name rules of one unit"),
    ("rule in two limits", "reason: all_paid}", "reason: all_paid}\n  - {rules: [by_loss], at_most: 10, reason: all_paid}",
     "broken.yaml:105: pack_reference: limits[1].rules[0]: by_loss is in another limit too, and a line is cut by one; take it out of one of them"),
    ("two minimums", "    at_most: {figure: cap}\n",
     "    at_most: {figure: cap}\n    minimum: {at_least: 10, above: 9}\n",
     "broken.yaml:83: pack_invalid: rules[0].minimum: a minimum has one of `at_least` (inclusive) and `above` (exclusive), found both"),
    ("rounding to nothing", "    at_most: {figure: cap}\n", "    at_most: {figure: cap}\n    round: {to: 0, mode: down}\n",
     "broken.yaml:83: pack_invalid: rules[0].round.to: found 0, expected 1 or more"),
    # facts
    ("quote stronger than decide", "    quote: claimant\n", "    quote: staff\n",
     "broken.yaml:24: pack_invalid: facts.fee.quote: `quote: staff` asks for more than `decide: partner`; from the weakest to the strongest they are claimant, partner, staff"),
    ("decide stronger than pay", "    pay: staff\n", "    pay: claimant\n",
     "broken.yaml:26: pack_invalid: facts.fee.pay: `decide: partner` asks for more than `pay: claimant`; from the weakest to the strongest they are claimant, partner, staff"),
    ("provenance that is none", "    pay: staff\n", "    pay: boss\n",
     "broken.yaml:26: pack_invalid: facts.fee.pay: found 'boss', expected 'claimant', 'partner' or 'staff'"),
    ("default of another type", "    default: 1\n", "    default: one\n",
     "broken.yaml:30: pack_invalid: facts.members.default: found 'one', expected a value of `type: integer`"),
    ("boolean default of a number", "    default: 1\n", "    default: true\n",
     "broken.yaml:30: pack_invalid: facts.members.default: found true, expected a value of `type: integer`"),
    ("default that is no value", "    values: [basic, gold]\n", "    values: [basic, gold]\n    default: silver\n",
     "broken.yaml:16: pack_invalid: facts.plan.default: found 'silver', expected one of basic, gold"),
    ("default of a date", "    type: date\n", "    type: date\n    default: 2022-10-15\n",
     "broken.yaml:37: pack_invalid: facts.paid_until.default: an assumed date is not sensible; take `default` out"),
    ("bounds of a text", "    values: [basic, gold]\n", "    values: [basic, gold]\n    at_most: 3\n",
     "broken.yaml:16: pack_invalid: facts.plan.at_most: found `type: text`, expected money or integer; take `at_most` out"),
    ("bounds of an instant", "    type: instant\n", "    type: instant\n    at_least: 3\n",
     "broken.yaml:34: pack_invalid: facts.joined_at.at_least: found `type: instant`, expected money or integer; take `at_least` out"),
    ("bounds without a number", "    pay: staff\n", "    pay: staff\n    at_least: 3\n    at_most: 2\n",
     "broken.yaml:28: pack_invalid: facts.fee.at_most: from 3 to 2 there is no number; raise it, or lower `at_least`"),
    ("default beyond its bounds", "    default: 1\n", "    default: 1\n    at_least: 2\n",
     "broken.yaml:30: pack_invalid: facts.members.default: found 1, expected integer from 2 to 1000000000000"),
    ("before a fact that is none", "    type: instant\n", "    type: instant\n    not_before: born_at\n",
     "broken.yaml:34: pack_reference: facts.joined_at.not_before: no fact 'born_at'; name one of fee, joined_at, members, paid_until, plan, wish, or declare it under `facts`"),
    ("before itself", "    type: instant\n", "    type: instant\n    not_before: joined_at\n",
     "broken.yaml:34: pack_reference: facts.joined_at.not_before: joined_at is never before itself; name another fact, or take it out"),
    ("before a day", "    type: instant\n", "    type: instant\n    not_before: paid_until\n",
     "broken.yaml:34: pack_reference: facts.joined_at.not_before: paid_until is a fact of `type: date` and `of: claim`, joined_at of instant and claim; name one that is told like it"),
    ("order of a number", "    pay: staff\n", "    pay: staff\n    not_before: fee\n",
     "broken.yaml:27: pack_invalid: facts.fee.not_before: found `type: money`, expected instant or date; take `not_before` out"),
    ("far from no loss", "    type: instant\n", "    type: instant\n    days_from_loss: 1\n",
     "broken.yaml:34: pack_invalid: facts.joined_at.days_from_loss: a fact of the claim has no loss; take it out, or say `of: loss`"),
    ("values of a number", "    default: 1\n", "    values: [one, two]\n",
     "broken.yaml:30: pack_invalid: facts.members.values: only a text has `values`, found `type: integer`; take them out"),
    ("label of no value", "    values: [basic, gold]\n", "    values: [basic, gold]\n    value_labels: {silver: {ko: 은, en: Silver}}\n",
     "broken.yaml:16: pack_invalid: facts.plan.value_labels: 'silver' is none of `values`; take it out, or add it there"),
    ("attested by nothing", "    quote: claimant\n", "    attested_by: {}\n",
     "broken.yaml:24: pack_invalid: facts.fee.attested_by: a fact is attested by one of `claim` and `subscription`, found none"),
    ("attested by a subscription as a whole", "    quote: claimant\n", "    attested_by: {subscription: [chat]}\n",
     "broken.yaml:24: pack_invalid: facts.fee.attested_by: `value` is missing; add it: charge, started_at or ended_at"),
    ("attested charge of any currency", "    quote: claimant\n", "    attested_by: {subscription: [chat], value: charge}\n",
     "broken.yaml:24: pack_invalid: facts.fee.attested_by: `currency` is missing; add it: in which a charge counts, like KRW"),
    ("attested value of a claim", "    quote: claimant\n", "    attested_by: {claim: filed_at, value: charge}\n",
     "broken.yaml:24: pack_invalid: facts.fee.attested_by.value: only a subscription has a `value`; take it out"),
    ("attested time in a currency", "    quote: claimant\n",
     "    attested_by: {subscription: [chat], value: ended_at, currency: KRW}\n",
     "broken.yaml:24: pack_invalid: facts.fee.attested_by.currency: only a charge has a `currency`; take it out"),
    ("attested value of another type", "    quote: claimant\n", "    attested_by: {claim: filed_at}\n",
     "broken.yaml:24: pack_invalid: facts.fee.attested_by: found `type: money` and `of: claim`, expected `type: instant` and `of: claim` for what is attested here"),
    # examples
    ("number of another type", "fee: 1000,", "fee: much,",
     "broken.yaml:112: integer_expected: setting.facts.fee: found 'much', expected a whole number"),
    ("negative money", "fee: 1000,", "fee: -5,",
     "broken.yaml:112: out_of_range: setting.facts.fee: found -5, expected money from 0 to 1000000000000000"),
    ("text that is no value of a fact", "{plan: gold, wish", "{plan: silver, wish",
     "broken.yaml:116: value_unknown: examples[1].facts.plan: found 'silver', expected one of basic, gold"),
    ("number where a text is expected", "{plan: gold, wish", "{plan: 5, wish",
     "broken.yaml:116: text_expected: examples[1].facts.plan: found 5, expected a text"),
    ("no date", "paid_until: 2022-10-31}", "paid_until: soon}",
     "broken.yaml:116: date_format: examples[1].facts.paid_until: found 'soon', expected a day like 2022-10-15"),
    ("date of another century", "paid_until: 2022-10-31}", "paid_until: 1999-10-31}",
     "broken.yaml:116: out_of_range: examples[1].facts.paid_until: found '1999-10-31', expected date from 2000-01-01 to 2100-01-01"),
    ("naive time of a fact", "joined_at: 2022-09-01T00:00:00+09:00}", "joined_at: 2022-09-01T00:00:00}",
     "broken.yaml:112: timezone_required: setting.facts.joined_at: 2022-09-01T00:00:00 has no offset; write +09:00 or Z behind it"),
    ("no time of a fact", "joined_at: 2022-09-01T00:00:00+09:00}", "joined_at: 5}",
     "broken.yaml:112: datetime_format: setting.facts.joined_at: found 5, expected a time like 2022-10-15T15:30:00+09:00"),
    ("naive time of a window", "{service: chat, from: 2022-10-17T09:00:00+09:00", "{service: chat, from: 2022-10-17T09:00:00",
     "broken.yaml:109: timezone_required: setting.windows[0].from: 2022-10-17T09:00:00 has no offset; write +09:00 or Z behind it"),
    ("naive time of a loss", "before: 2022-10-18T10:30:00+09:00", "before: 2022-10-18T10:30:00",
     "broken.yaml:118: timezone_required: examples[1].losses[0].before: 2022-10-18T10:30:00 has no offset; write +09:00 or Z behind it"),
    ("no time of a loss", "before: 2022-10-18T10:30:00+09:00", "before: late",
     "broken.yaml:118: pack_invalid: examples[1].losses[0].before: found 'late', expected a time like 2022-10-15T15:30:00+09:00"),
    ("time of year 1", "before: 2022-10-18T10:30:00+09:00", "before: 0001-01-01T00:00:00Z",
     "broken.yaml:118: out_of_range: examples[1].losses[0].before: found 0001-01-01T00:00:00+00:00, expected a time between 2000 and 2100"),
    ("time of year 9999", "before: 2022-10-18T10:30:00+09:00", "before: 9999-12-31T23:59:59Z",
     "broken.yaml:118: out_of_range: examples[1].losses[0].before: found 9999-12-31T23:59:59+00:00, expected a time between 2000 and 2100"),
    ("loss that ends before it starts", "before: 2022-10-18T10:30:00+09:00", "before: 2022-10-18T09:00:00+09:00",
     "broken.yaml:118: interval_invalid: examples[1].losses[0].before: found 2022-10-18T09:00:00+09:00, expected a time after 2022-10-18T09:30:00+09:00"),
    ("window that ends when it starts", "{service: chat, from: 2022-10-17T09:00:00+09:00",
     "{service: chat, from: 2022-10-17T15:00:00+09:00",
     "broken.yaml:109: interval_invalid: setting.windows[0].before: found 2022-10-17T15:00:00+09:00, expected a time after 2022-10-17T15:00:00+09:00"),
    ("extent that ends before it starts", "    expect: {by_loss: 240,",
     "    extents: [{source: press, from: 2022-10-18T12:00:00Z, before: 2022-10-18T09:00:00Z}]\n    expect: {by_loss: 240,",
     "broken.yaml:119: interval_invalid: examples[1].extents[0].before: found 2022-10-18T09:00:00+00:00, expected a time after 2022-10-18T12:00:00+00:00"),
    ("outcome that is none", "by_loss: no line}", "by_loss: nothing}",
     "broken.yaml:114: pack_reference: examples[0].expect.by_loss: found 'nothing', expected a quantity or one of eligible, not_eligible, needs_review, unknown, parked, no line"),
    ("half a quantity", "by_loss: 240,", "by_loss: [240],",
     "broken.yaml:119: pack_invalid: examples[1].expect.by_loss: found [240], expected a whole number or a text in quotes or a mapping"),
    # YAML
    ("key twice", "zone: Asia/Seoul\n", "zone: Asia/Seoul\nzone: Asia/Tokyo\n",
     "broken.yaml:10: yaml_invalid: zone: the key appears twice; keep one of them"),
    ("inner key twice", "{value: 9000, unit: KRW,", "{value: 9000, value: 8000, unit: KRW,",
     "broken.yaml:39: yaml_invalid: figures.cap.value: the key appears twice; keep one of them"),
    ("alias", "cap: {value: 9000, unit: KRW, source: terms}\n  floor: {value: 100,",
     "cap: {value: &cap 9000, unit: KRW, source: terms}\n  floor: {value: *cap,",
     "broken.yaml:40: yaml_invalid: *cap is an alias; write out what it stands for"),
    ("tag", "{value: 9000,", "{value: !!int 9000,",
     "broken.yaml:39: yaml_invalid: !!int is a tag; take it out and write the value in plain"),
    ("merge", "cap: {value: 9000, unit", "cap: {<<: {value: 9000}, unit",
     "broken.yaml:39: pack_invalid: figures.cap.<<: no such key here; correct it or take it out, known are value, unit, source, dated, label"),
    ("open bracket", "losses: {services: [chat]}", "losses: {services: [chat}",
     "broken.yaml:62: yaml_invalid: no YAML: while parsing a flow sequence, expected ',' or ']', but got '}'; look at the indentation, brackets and quotes of this line and those before it"),
    ("two documents", "sources:\n", "---\nsources:\n",
     "broken.yaml:6: yaml_invalid: expected a single document in the stream, but found another document"),
    ("half a character", "en: Chat terms}", 'en: "Chat \\ud83d"}',
     "broken.yaml:4: yaml_invalid: found half a surrogate pair; write the character itself"),
    # several problems
    ("two names in the order of lines", "    at_least: {figure: floor}\n    at_most: {figure: cap}\n",
     "    at_most: {figure: top}\n    at_least: {figure: bottom}\n",
     "broken.yaml:81: pack_reference: rules[0].at_most.figure: no figure 'top'; name one of cap, floor, part, per_hour, or declare it under `figures`\n"
     "broken.yaml:82: pack_reference: rules[0].at_least.figure: no figure 'bottom'; name one of cap, floor, part, per_hour, or declare it under `figures`"),
    ("two shapes in the order of lines", "cap: {value: 9000, unit: KRW, source: terms}\n  floor: {value: 100, unit: KRW, source: terms}\n",
     "cap: {value: many, unit: KRW, source: terms}\n  floor: {value: 100, source: terms}\n",
     "broken.yaml:39: pack_invalid: figures.cap.value: found 'many', expected a whole number or an exact number in quotes, like \"12.5\" or \"1/3\"\n"
     "broken.yaml:40: pack_invalid: figures.floor: `unit` is missing; add it"),
    ("two keys of an inner total", "{above: 4, pays: 1000}", "{above: 4, pays: {total: {piece: ordinal}, eech: hour}}",
     "broken.yaml:78: pack_invalid: rules[0].amount.total.tiers[2].pays: `each` is missing; add it: What the counted time is cut into: consecutive runs, or calendar periods of the pack's zone (weeks from Monday)\n"
     "broken.yaml:78: pack_invalid: rules[0].amount.total.tiers[2].pays.eech: no such key here; correct it or take it out, known are each, where, gap_minutes, whole_runs, measure, total"),
    ("two floats", "cap: {value: 9000, unit: KRW, source: terms}\n  floor: {value: 100,",
     "cap: {value: 9000.5, unit: KRW, source: terms}\n  floor: {value: 0.5,",
     'broken.yaml:39: yaml_invalid: figures.cap.value: found 9000.5, expected a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes\n'
     'broken.yaml:40: yaml_invalid: figures.floor.value: found 0.5, expected a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes'),
    ("two divisors, one of a limit of two rules", "        amount: 3\n        remedy: {instrument: days, unit: day, extends: paid_until}\nlimits:\n  - {rules: [by_day, by_loss], at_most: 8000,",
     "        amount: {divide: [3, 0]}\n        remedy: {instrument: days, unit: day, extends: paid_until}\nlimits:\n  - {rules: [by_day, by_loss], at_most: {divide: [8000, 0]},",
     "broken.yaml:101: divisor_not_positive: rules[2].choices[1].amount: found a divisor of 0, expected one above 0\n"
     "broken.yaml:104: divisor_not_positive: limits[0].at_most: found a divisor of 0, expected one above 0"),
    ("two values of an example", "{plan: gold, wish: time, paid_until: 2022-10-31}\n    losses:\n      - {service: chat.call, from: 2022-10-18T09:30:00+09:00,",
     "{plan: gold, wish: time, paid_until: soon}\n    losses:\n      - {service: chat.call, from: 2022-10-18T09:30:00,",
     "broken.yaml:116: date_format: examples[1].facts.paid_until: found 'soon', expected a day like 2022-10-15\n"
     "broken.yaml:118: timezone_required: examples[1].losses[0].from: 2022-10-18T09:30:00 has no offset; write +09:00 or Z behind it"),
    # examples, borders and words
    ("example that expects nothing", "{name: three hours, expect: {by_day: 500, by_loss: no line}}", "{name: three hours}",
     "broken.yaml:114: pack_invalid: examples[0]: nothing is expected; add `expect`, by rule a quantity, an outcome, or more of the line"),
    ("reason that nothing gives", "{by_loss: 240,", "{by_loss: {quantity: 240, reasons: [too_lond]},",
     "broken.yaml:119: pack_reference: examples[1].expect.by_loss.reasons[0]: nothing gives the reason 'too_lond'; it is one of the pack's `reasons`, or one of amount_too_large, amount_unknown, below_minimum, carried_forward, citizen_report_only, divisor_not_positive, figure_not_known, function_not_named, limit_unknown, loss_not_confirmed, no_extent, no_official_window, no_policy_pays, nothing_owed, outside_calendar, outside_official_windows, partly_in_planned_maintenance, partly_in_window_not_counted, partly_outside_official_windows, planned_maintenance, too_many_pieces, window_not_counted, missing_fact:<fact>, out_of_order:<fact>, needs_proof:<fact>, proof_before_payment:<fact>"),
    ("reason of a fact that is none", "{by_loss: 240,", "{by_loss: {quantity: 240, reasons: [\"missing_fact:fees\"]},",
     "broken.yaml:119: pack_reference: examples[1].expect.by_loss.reasons[0]: nothing gives the reason 'missing_fact:fees'; it is one of the pack's `reasons`, or one of amount_too_large, amount_unknown, below_minimum, carried_forward, citizen_report_only, divisor_not_positive, figure_not_known, function_not_named, limit_unknown, loss_not_confirmed, no_extent, no_official_window, no_policy_pays, nothing_owed, outside_calendar, outside_official_windows, partly_in_planned_maintenance, partly_in_window_not_counted, partly_outside_official_windows, planned_maintenance, too_many_pieces, window_not_counted, missing_fact:<fact>, out_of_order:<fact>, needs_proof:<fact>, proof_before_payment:<fact>"),
    ("tiers that end at figures in the wrong order", "          - {up_to: 1, pays: 0}\n          - {above: 1, up_to: 4, pays: 500}\n", "          - {up_to: {figure: cap}, pays: 0}\n          - {above: {figure: cap}, up_to: 4, pays: 500}\n",
     "broken.yaml:77: pack_reference: rules[0].amount.total.tiers[1]: found `up_to: 4` after a tier with `up_to: 9000`; order the tiers from the lowest to the highest"),
    ("tier that ends at a dated figure", "          - {up_to: 1, pays: 0}\n          - {above: 1, up_to: 4, pays: 500}\n", "          - {up_to: {figure: per_hour}, pays: 0}\n          - {up_to: 4, pays: 500}\n",
     "broken.yaml:74: pack_reference: rules[0].amount.total: per_hour is dated, and a tier ends at the same value on all days; write one pack for each"),
    ("tier that ends at an undeclared figure", "          - {up_to: 1, pays: 0}\n          - {above: 1, up_to: 4, pays: 500}\n", "          - {up_to: {figure: hours}, pays: 0}\n          - {up_to: 4, pays: 500}\n",
     "broken.yaml:76: pack_reference: rules[0].amount.total.tiers[0].up_to.figure: no figure 'hours'; name one of cap, floor, part, per_hour, or declare it under `figures`"),
    ("words in no language", "title: {ko: 하루마다, en: Day by day}", "title: {}",
     "broken.yaml:61: pack_invalid: rules[0].title: found no words; write them in `ko`, in `en`, or in both"),
    ("fact of a loss that is the claim's", "before: 2022-10-18T10:30:00+09:00}\n", "before: 2022-10-18T10:30:00+09:00, facts: {fee: 5}}\n",
     "broken.yaml:118: pack_reference: examples[1].losses[0].facts.fee: fee is no fact `of: loss`; tell it under the `facts` of the example"),
    ("told fact without a word", "facts: {plan: gold, wish: time,", "facts: {plan: gold, wish: {value: time},",
     "broken.yaml:116: pack_invalid: examples[1].facts.wish: `by` is missing; add it: Whose word it is"),
    ("told fact by nobody known", "facts: {plan: gold, wish: time,", "facts: {plan: gold, wish: {value: time, by: driver},",
     "broken.yaml:116: pack_invalid: examples[1].facts.wish.by: found 'driver', expected 'claimant', 'partner' or 'staff'"),
    ("told fact of another type", "facts: {plan: gold, wish: time,", "facts: {plan: {value: 5, by: staff}, wish: time,",
     "broken.yaml:116: text_expected: examples[1].facts.plan.value: found 5, expected a text"),
    ("end of a piece where there is none", "on: {day_of: {at: start, of: counted}}", "on: {day_of: {at: start, of: piece}}",
     "broken.yaml:53: pack_reference: amounts.price.multiply[0].on.day_of: there is no piece here; `piece` stands inside of `total` or `greatest`"),
    ("announcement of an outage", "before: 2022-10-17T15:00:00+09:00}\n", "before: 2022-10-17T15:00:00+09:00, announced_at: 2022-10-16T09:00:00+09:00}\n",
     "broken.yaml:109: pack_invalid: setting.windows[0].announced_at: only planned maintenance is announced; add `planned: true`, or take it out"),
    ("naive time of an announcement", "before: 2022-10-17T15:00:00+09:00}\n", "before: 2022-10-17T15:00:00+09:00, planned: true, announced_at: 2022-10-16T09:00:00}\n",
     "broken.yaml:109: timezone_required: setting.windows[0].announced_at: 2022-10-16T09:00:00 has no offset; write +09:00 or Z behind it"),
    ("day of an announcement", "before: 2022-10-17T15:00:00+09:00}\n", "before: 2022-10-17T15:00:00+09:00, planned: true, announced_at: 2022-10-16}\n",
     "broken.yaml:109: pack_invalid: setting.windows[0].announced_at: found '2022-10-16', expected a time like 2022-10-15T15:30:00+09:00"),
    ("planned as a word", "before: 2022-10-17T15:00:00+09:00}\n", "before: 2022-10-17T15:00:00+09:00, planned: maybe}\n",
     "broken.yaml:109: pack_invalid: setting.windows[0].planned: found 'maybe', expected true or false"),
    ("severity of a loss", "before: 2022-10-18T10:30:00+09:00}\n", "before: 2022-10-18T10:30:00+09:00, severity: full}\n",
     "broken.yaml:118: pack_invalid: examples[1].losses[0].severity: no such key here; correct it or take it out, known are service, from, before, facts"),
    ("number as a reason", "above: 9, reason: too_long}", "above: 9, reason: 5}",
     "broken.yaml:72: pack_invalid: rules[0].review[0].reason: found 5, expected a name of small letters, digits and _, like fee_of_days, whose words stand under `reasons`"),
    ("amount of two kinds as a day", "{fact: joined_at, before: 2022-10-15,", "{fact: joined_at, until: {amount: price, per: 3},",
     "broken.yaml:70: pack_invalid: rules[0].require[0].until.amount: no such key here; correct it or take it out"),
    # accepted by the letter, and meant by nobody
    ("blank words", "title: {ko: 하루마다, en: Day by day}", "title: {ko: \" \", en: Day by day}",
     "broken.yaml:61: pack_invalid: rules[0].title.ko: found ' ', expected words, not a blank"),
    ("blank unit of a figure", "floor: {value: 100, unit: KRW,", "floor: {value: 100, unit: \"\",",
     "broken.yaml:40: pack_invalid: figures.floor.unit: found '', expected words, not a blank"),
    ("value of a fact listed twice", "values: [basic, gold]", "values: [basic, gold, basic]",
     "broken.yaml:15: pack_invalid: facts.plan.values[2]: found basic twice; take one out"),
    ("service listed twice", "losses: {services: [chat]}", "losses: {services: [chat, chat]}",
     "broken.yaml:62: pack_invalid: rules[0].losses.services[1]: found chat twice; take one out"),
    ("hours of no days", "days: working, calendar: KR}", "days: []}",
     "broken.yaml:66: pack_invalid: rules[0].windows.hours[0].days: found [], expected 'all' or 'working' or 1 or more entries"),
    ("hours of a day listed twice", "days: working, calendar: KR}", "days: [mon, mon]}",
     "broken.yaml:66: pack_invalid: rules[0].windows.hours[0].days[1]: found mon twice; take one out"),
    ("weight of what does not count", "      weights: {partial: \"1/2\"}\n", "      severities: [full]\n      weights: {partial: \"1/2\"}\n",
     "broken.yaml:65: pack_invalid: rules[0].windows.weights.partial: a window that is partial does not count; add it to `severities`, or take its weight out"),
    ("choice that is never reached", "      - option: time\n", "      - option: money\n",
     "broken.yaml:100: pack_invalid: rules[2].choices[1]: a choice before it has no `when`, so this one is never given; order them, or take it out"),
    ("word that is asked of an incident", "    of: loss\n    default: 1\n", "    of: incident\n    decide: staff\n    default: 1\n",
     "broken.yaml:30: pack_invalid: facts.members.decide: a fact of the incident is verified by staff, and no other word is asked; take it out"),
    ("currency that is none", "        amount: {divide: [{percent: {figure: part}, of: {fact: fee}}, 2]}\n        remedy: {instrument: points, unit: point}\n", "        amount: 5\n        remedy: {instrument: cash, unit: ZZZ, currency: ZZZ}\n",
     "broken.yaml:99: pack_invalid: rules[2].choices[0].remedy.currency: found ZZZ, expected a currency of ISO 4217, like KRW"),
    ("redeemed before anything happened", "{instrument: points, unit: point}", "{instrument: points, unit: point, redeem_by: 2022-09-30}",
     "broken.yaml:99: pack_reference: rules[2].choices[0].remedy.redeem_by: found 2022-09-30, a day before the first of the `incidents`, 2022-10-01"),
    ("cap below 0", "at_most: {figure: cap}", "at_most: -1",
     "broken.yaml:82: pack_reference: rules[0].at_most: found -1, expected 0 or more: nothing is given or taken below 0\n"
     "broken.yaml:82: pack_reference: rules[0].at_most: the cap -1 is below the floor 100; raise it, or lower `at_least`"),
    ("floor below 0", "floor: {value: 100,", "floor: {value: -100,",
     "broken.yaml:81: pack_reference: rules[0].at_least: found -100, expected 0 or more: nothing is given or taken below 0"),
    ("deduction below 0", "    at_most: {figure: cap}\n", "    deduct: [{fact: fee}, \"-0.5\"]\n    at_most: {figure: cap}\n",
     "broken.yaml:82: pack_reference: rules[0].deduct[1]: found -1/2, expected 0 or more: nothing is given or taken below 0"),
    ("minimum below 0", "    at_most: {figure: cap}\n", "    minimum: {above: -1}\n    at_most: {figure: cap}\n",
     "broken.yaml:82: pack_reference: rules[0].minimum.above: found -1, expected 0 or more: nothing is given or taken below 0"),
    ("limit below 0", "at_most: 8000,", "at_most: -8000,",
     "broken.yaml:104: pack_reference: limits[0].at_most: found -8000, expected 0 or more: nothing is given or taken below 0"),
    ("default that no money can be", "    type: money\n    label: {ko: 월 요금, en: Monthly fee}\n", "    type: money\n    default: -500\n    label: {ko: 월 요금, en: Monthly fee}\n",
     "broken.yaml:23: pack_invalid: facts.fee.default: found -500, expected money from 0 to 1000000000000000"),
    ("default beyond what is reckoned with", "    of: loss\n    default: 1\n", "    of: loss\n    default: 1000000000000000000\n",
     "broken.yaml:30: pack_invalid: facts.members.default: found 1000000000000000000, expected integer from -1000000000000 to 1000000000000"),
    ("day moved beyond every calendar", "{fact: joined_at, before: 2022-10-15,", "{fact: joined_at, before: {later: {day_of: {fact: joined_at}}, by: 9000, in: years},",
     "broken.yaml:70: out_of_range: rules[0].require[0].before.by: moved by 9000 years a day could lie before 1900 or after 2199; move it by less"),
    ("cash that lasts", "{completed: {counted: minutes}, per: 60}, {amount: price}, {fact: members}]\n    remedy: {instrument: cash, unit: KRW, currency: KRW}", "{completed: {counted: minutes}, per: 60}, {amount: price}, {fact: members}]\n    remedy: {instrument: cash, unit: KRW, currency: KRW, lasts_days: 5}",
     "broken.yaml:92: pack_invalid: rules[1].remedy.lasts_days: cash is not used up by a day; take it out, or give another instrument"),
    ("limit in another order than the rules", "rules: [by_day, by_loss]", "rules: [by_loss, by_day]",
     "broken.yaml:104: pack_reference: limits[0].rules: lines are filled in the order of the rules, which is by_day, by_loss; list them so"),
    ("minimum above the cap", "    at_most: {figure: cap}\n", "    minimum: {at_least: 9001}\n    at_most: {figure: cap}\n",
     "broken.yaml:82: pack_reference: rules[0].minimum: the minimum 9001 is above the cap 9000, so nothing is ever given; lower it"),
    ("minimum above the cap of a limit", "at_most: 8000,", "at_most: 8000, minimum: {above: 8001},",
     "broken.yaml:104: pack_reference: limits[0].minimum: the minimum 8001 is above the cap 8000, so nothing is ever given; lower it"),
    ("stated window before the incidents", "from: 2022-10-18T09:00:00+09:00, before: 2022-10-18T12:00:00+09:00, source: terms}", "from: 2022-09-18T09:00:00+09:00, before: 2022-09-18T12:00:00+09:00, source: terms}",
     "broken.yaml:89: pack_reference: rules[1].windows.stated[0].before: the window ends before the first of the `incidents`, 2022-10-01"),
]  # fmt: skip


def test_the_pack_itself_is_whole() -> None:
    assert check_examples(load_pack(PACK, "whole.yaml")) == []


@pytest.mark.parametrize(("old", "new", "told"), [pytest.param(*case, id=name) for name, *case in BROKEN])
def test_a_broken_pack_is_refused_in_words_that_help(old: str, new: str, told: str) -> None:
    assert PACK.count(old) == 1
    with pytest.raises(PackRefusal) as refused:
        load_pack(PACK.replace(old, new), "broken.yaml")
    assert str(refused.value) == told


def test_an_amount_nested_too_deep_is_refused_in_words() -> None:
    deep = PACK.replace("        amount: 3\n", f"        amount: {'{add: [1, ' * 150}1{']}' * 150}\n")
    with pytest.raises(PackRefusal) as refused:
        load_pack(deep, "broken.yaml")
    assert str(refused.value) == (
        "broken.yaml:1: pack_invalid: amounts are nested too deep; give inner ones a name under `amounts`"
    )
