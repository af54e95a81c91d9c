# ruff: noqa: E501 - a template reads best as one text
"""Made-up recurring pieces: what newsrooms fill in every day from a template, as hard negatives for the duplicate
finder.

A template is sentences with slots. `[a|b]` is one of several wordings, a sentence that begins with `?` may be
missing, and `{slot}` is filled afresh: `{city}`, `{company}`, `{person}`, `{team}`, `{day}`, `{month}`, `{up}`,
`{street}`, `{country}`, `{8-90}` (a whole number), `{2.10-9.90}` (as many decimals as written). All wordings are
our own.
"""

from __future__ import annotations

import random
import re

TEMPLATES: dict[str, str] = {
    "match": """{team} [beat|defeated|overcame] {team} {1-5}-{0-4} [on|in their league match on] {day} at {city} [Park|Stadium].
{person} [opened the scoring|scored the first goal] in the {2-44}th minute and {person} [added a second|made it two] after {46-70} minutes.
?{person} pulled one back for the visitors from the penalty spot.
The result [leaves|puts] {team} in {2-18}th place with {12-70} points from {10-34} games. "We [worked hard for it|deserved the win]," said coach {person}.
?The attendance was {4000-60000}. {team} [play|meet] {team} next on {day}.""",
    "earnings": """{company} reported {up} [second|third|fourth|first] quarter [profit|earnings] on {day}, [as|after] sales
[rose|fell|climbed] {1-40} percent. Net income was ${2-900} million, or {0.10-4.90} a share, compared with ${2-900} million,
or {0.10-4.90} a share, in the year-earlier quarter. Revenue was ${1.1-49.0} billion.
?Analysts on average had expected earnings of {0.10-4.90} a share, according to a poll.
The company [said it expects|forecast] full-year revenue of between ${1.1-20.0} billion and ${20.1-60.0} billion.
[Chief executive|Chief financial officer] {person} said demand had been [strong|weak|steady] in {country}.
?Shares of {company} closed at ${3.10-400.90}, {up} {0.1-9.9} percent.""",
    "police": """[Police in {city} are investigating|{city} police responded to] [a break-in|a burglary|an assault|a theft from a vehicle]
[reported|called in] at {1-12}:{10-59} on {day} in the {100-9900} block of {street}. The [victim|owner] told officers that
[a laptop|jewellery|cash|tools] worth about ${100-9000} [was|were] missing.
?A {18-70}-year-old man, {person}, was arrested nearby and booked into the county jail.
Anyone with information is asked to call the {city} Police Department at {200-999}-{1000-9999}. Callers may remain anonymous.""",
    "court": """{person}, {18-80}, of {street}, {city}, was [fined|ordered to pay] £{40-900} with £{50-200} costs by {city} magistrates on
{day} after [admitting|being found guilty of] [driving without insurance|speeding|driving while disqualified|failing to stop].
The offence took place on {1-28} {month}. {3-9} penalty points were added to the licence.
?A victim surcharge of £{20-90} was also imposed.""",
    "house": """[The average price of a house|Average asking prices] in {city} [rose|fell] {0.1-4.9} percent in {month} to {120000-900000},
[according to|figures from] the regional association of estate agents [show|said]. A year ago the figure was {120000-900000}.
The number of homes sold was {90-2000}, {up} {1-30} percent from the month before. {person} of {company} said
buyers [had come back|were waiting] because of mortgage rates. ?The average home spent {10-90} days on the market.""",
    "traffic": """[Drivers are warned of delays|Motorists should expect delays] on the {street} in {city} [this week|from {day}] while
[crews resurface|workers repair] the road between {street} and {street}. One lane will be closed from {1-11} a.m. to {1-11} p.m.
The work costs {20-900} thousand and [should|is expected to] finish by {month} {1-28}. ?Diversions will be signposted.
?Bus routes {1-90} and {1-90} will not stop at {street}. The council apologised for any inconvenience.""",
    "obituary": """{person}, {60-99}, of {city}, [died|passed away] on {day}, {month} {1-28}, at [home|{city} Hospital|a nursing home].
[Born in|A native of] {city}, [he|she] was the [son|daughter] of the late {person} and {person}. [He|She] worked for {company}
for {10-45} years and enjoyed [gardening|fishing|music|bowling]. Survivors include {1-6} children, {1-12} grandchildren and a
[brother|sister], {person}. Visiting hours will be {1-4} to {5-8} p.m. on {day} at the funeral home, {1-900} {street}.
?In lieu of flowers, memorial contributions may be made to the hospice.""",
    "river": """The [river at|water level at] {city} stood at {1.10-9.90} metres at {5-11} a.m. on {day}, {up} {2-80} centimetres [in a day|from
{day}]. Flood stage is {4.10-9.90} metres. The [weather service|flood centre] expects [a crest of|a peak of] {1.10-9.90} metres on {day}.
?Residents of {street} and {street} have been told to prepare sandbags. ?The bridge at {city} remains closed to lorries.""",
    "race": """Results from {city} on {day}: [The|In the] {1-12}:{10-55} was won by {person}'s {team} at {2-30}-1 from {team} ({2-20}-1) and
{team} ({2-20}-1). Winning time {1-3} minutes {10-59.9} seconds. The tote paid {2.10-40.90} to win, {1.10-9.90} and {1.10-9.90} for places.
The going was [good to firm|soft|heavy]. {8-16} ran. ?A stewards' inquiry left the placings unaltered.""",
    "quake": """A magnitude {3.0-7.9} earthquake [struck|shook] {10-90} km [north|south|east|west] of {city}, {country}, on {day}, the geological survey
said. The quake [hit|was recorded] at a depth of {2-90} km at {1-12}:{10-59} local time. There were no immediate reports of
[damage|casualties]. ?No tsunami warning was issued. ?A tremor of magnitude {3.0-6.9} was felt in the same area on {month} {1-28}.""",
    "jobs": """[Unemployment in|The jobless rate in] {country} [rose|fell] to {2.0-12.9} percent in {month} from {2.0-12.9} percent [a month earlier|in {month}],
the statistics office said on {day}. The number of people out of work was {20-900} thousand, {up} {1-40} thousand. Economists had
forecast a rate of {2.0-12.9} percent. ?Youth unemployment stood at {5.0-30.9} percent. ?Employment in [industry|construction]
fell by {1-40} thousand.""",
    "school": """[The lunch menu|School lunches] at {city} schools for the week of {month} {1-28}: Monday, [chicken|pizza|pasta], [peas|carrots] and fruit;
Tuesday, [soup|tacos|fish], [salad|rice] and milk; Wednesday, [burger|stew|noodles]; Thursday, [turkey|curry|eggs] with [beans|corn];
Friday, [pizza|fish sticks|pancakes] and [apple|pear]. Menus may change without notice. Price {1.10-4.90}, reduced {0.10-0.90}.""",
    "restaurant": """[Inspectors visited|The health department inspected] {2-40} restaurants in {city} in the week to {month} {1-28}. {company} Grill, {1-900}
{street}: {1-12} violations, including [food held at the wrong temperature|a dirty slicer|no soap at the hand sink]. Score {60-99}.
{company} Cafe, {1-900} {street}: no violations, score 100. ?A follow-up visit to {person}'s Diner was satisfactory.""",
    "money_market": """The [central bank|Bank of {country}] said it [provided|gave] the money market [a further|with] {20-900} mln stg [help|assistance] in the
[morning|afternoon] session. This [takes|brings] total help so far today to {50-990} mln stg against a shortage [estimated|which it has revised] at
[around|about] {100-990} mln stg. The bank bought outright {3-90} mln stg of band one bank bills at {5-12}-{1-7}/8 pct and {3-90} mln stg
of band two at {5-12}-{1-7}/8 pct. ?It also bought {2-50} mln stg of treasury bills.""",
    "tender": """The [finance ministry|central bank] of {country} set [an allotment rate|a minimum rate] of {2.10-9.90} pct for its {7-90}-day [repurchase tender|tender],
[unchanged from|against {2.10-9.90} pct at] the last one. Bids totalled {2-90}.{1-9} billion of which {1-40}.{1-9} billion were accepted. Funds will be
credited on {day} and must be bought back on {month} {1-28}. An expiring pact drains {1-40}.{1-9} billion. ?Dealers said liquidity was [tight|ample].""",
    "auction": """The Treasury sold {2-20}.{1-9} billion dlrs of {3-26}-week bills at an average rate of {2.10-12.90} pct on {day}. Rates ranged from a low of
{2.10-12.90} pct to a high of {2.10-12.90} pct, with {5-99} pct of bids at the high accepted. The average price was {97.101-99.901}. At the
previous auction the rate was {2.10-12.90} pct, the [lowest|highest] since {month} {1-28}. Investors placed {1-20}.{1-9} billion of noncompetitive bids.""",
    "export": """Private exporters reported sales of {20-400},000 tonnes of [wheat|corn|soybeans|soyoil] to {country} for [delivery|shipment] in the
[1986/87|1987/88] season, the Agriculture Department said. The marketing year for [wheat|corn|soybeans] began [June 1|September 1|October 1].
Total commitments to {country} now stand at {100-900},000 tonnes, compared with {100-900},000 tonnes a year ago. ?Accumulated exports were
{100-900},000 tonnes.""",
    "posted_price": """{company} said it [raised|cut] its [contract|posted] price for [crude oil|heavy fuel|copper cathode|gasoline] by {5-95} cents a barrel, effective {month}
{1-28}. The [increase|reduction] brings the company's posting for West {city} Intermediate to {10.10-40.90} dlrs. The price of {city} Sweet
is now {10.10-40.90} dlrs and of {city} Sour {10.10-40.90}. ?The last change was made on {month} {1-28} by {company}.""",
    "stake": """{person}, [a private investor|an investment adviser], told the Securities and Exchange Commission [he|it] [raised|cut] [his|its] stake in {company} to
{100-900},{100-900} shares, or {5.0-30.9} pct of the total outstanding, from {100-900},{100-900} shares, or {5.0-30.9} pct. [He|It] said the shares were bought
between {month} {1-28} and {month} {1-28} at {3-90}.{10-99} to {3-90}.{10-99} dlrs a share. ?The purchase was made for investment purposes.""",
    "dividend": """{company} said its board declared a [quarterly|regular] dividend of {4-90} cents a share, payable {month} {1-28} to holders of record {month} {1-28}. The
company last paid {4-90} cents. ?It also set a {2-4}-for-{1-3} split of its common shares, subject to approval by holders at the annual meeting in
{city} on {month} {1-28}. ?About {2-90} million shares are outstanding.""",
    "offering": """{company} is [issuing|raising] {50-900} mln {country} francs through a bond due {month} {1-28}, {1990-2009}, [paying|carrying a coupon of] {2-12}-{1-7}/8 pct
and priced at {98-101}-{1-7}/8 pct, lead manager {company} said. The bond is available in denominations of {1000-9000} and will be listed in {city}.
Fees comprise {1-2}-{1-7}/8 pct for selling and {1-7}/8 pct for management and underwriting. The payment date is {month} {1-28}.""",
    "certified": """[Warehouse stocks of|Certified stocks of] [copper|zinc|lead|tin|cotton|coffee] at {city} [fell|rose] {100-9000} tonnes to {10000-99000} in the week to {day}, the
exchange said. [Aluminium|Nickel|Silver] stocks were {up} {100-9000} tonnes at {10000-99000}. [Traders|Dealers] had expected [a rise|a fall] of
{100-9000} tonnes. Stocks at {city} were unchanged at {1000-9900} tonnes.""",
    "reserves": """{country}'s foreign exchange reserves [rose|fell] to {1-90}.{10-99} billion dlrs at the end of {month} from {1-90}.{10-99} billion a month earlier and
{1-90}.{10-99} billion a year ago, the central bank said. Gold holdings were [unchanged|{up}] at {1-40}.{10-99} million ounces. Foreign currency
holdings stood at {1-90}.{10-99} billion and special drawing rights at {100-900} mln dlrs.""",
    "trade": """{country} had a trade [surplus|deficit] of {1-90}.{10-99} billion in {month}, compared with a [surplus|deficit] of {1-90}.{10-99} billion in {month} and {1-90}.{10-99}
billion a year earlier, [customs figures show|the statistics office said]. Exports [rose|fell] {0.1-19.9} pct to {10-90}.{10-99} billion and imports
[rose|fell] {0.1-19.9} pct to {10-90}.{10-99} billion. The figures are [provisional|seasonally adjusted].""",
    "gold": """Gold [opened|closed|was fixed] in {city} at {300-1900}.{10-90} dlrs an ounce on {day}, {up} from {300-1900}.{10-90} at the previous [close|fixing]. Dealers said
trading was [quiet|active] as [the dollar steadied|investors waited for the jobs figures]. Silver was {up} at {4-40}.{10-90} dlrs. Platinum was
fixed at {300-1900}.{10-90}.""",
    "funds": """Money market [mutual fund|fund] assets [rose|fell] {100-990} mln dlrs in the week ended {day} to {200-900}.{10-99} billion, the {company} Institute said. Assets of
{50-400} institutional funds [rose|fell] {100-990} mln to {50-90}.{10-99} billion, assets of {50-400} broker-dealer funds [rose|fell] {100-990} mln to {50-200}.{10-99} billion,
and those of {50-400} general purpose funds [rose|fell] {100-990} mln to {50-90}.{10-99} billion.""",
    "table": """Shr {10-99} cts vs {10-99} cts. Net {1-90},{100-999},000 vs {1-90},{100-999},000. Revs {10-990}.{1-9} mln vs {10-990}.{1-9} mln. Avg shrs {1-90}.{1-9} mln vs {1-90}.{1-9} mln. Nine
months. Shr {1-4}.{10-99} dlrs vs {10-99} cts. Net {1-90},{100-999},000 vs {1-90},{100-999},000. Revs {10-990}.{1-9} mln vs {10-990}.{1-9} mln. NOTE: {company} results include gain of
{1-90},{100-999},000 dlrs, or {10-99} cts a share, from [sale of assets|tax credits|discontinued operations]. ?Prior year restated.""",
    "futures": """[Live cattle|Soybean|Corn|Cotton|Coffee|Sugar] futures [closed|ended|opened] [higher|lower|mixed] in {city} on {day}, traders said. {month} [gained|lost] {0.10-3.90} cents to
{40-90}.{10-90} cents a pound, and {month} [gained|lost] {0.10-3.90} to {40-90}.{10-90}. Volume was estimated at {2000-90000} contracts. [Commission houses|Locals]
were [buyers|sellers] in the [morning|afternoon]. ?Resistance was seen at {40-90}.{10-90}.""",
    "ship": """[{2-40} vessels|{2-40} grain ships] were loading and {2-60} were waiting to load at {city} on {day}, the exchange said. [Wheat|Corn] vessels waiting totalled {2-30}, against {2-30}
a week ago. Loadings in the week were {100-900},000 tonnes, compared with {100-900},000 the week before. ?The port of {city} was closed for {2-30} hours by [fog|wind].""",
    "council": """The {city} council will meet at {5-8} p.m. on {day}, {month} {1-28}, in the town hall, {1-900} {street}. On the agenda are [a zoning change|a permit|a public hearing] for
{company} at {1-900} {street}, [the budget|a contract of {20-900} thousand for road salt|minutes of the last meeting] and a report by {person}. The public may speak for
{2-5} minutes each. ?Documents can be seen at the library.""",
    "tide": """High water at {city} on {day} is at {1-11}:{10-59} ({2.1-7.9} metres) and {1-11}:{10-59} ({2.1-7.9} metres), low water at {1-11}:{10-59} and {1-11}:{10-59}. Sunrise {4-8}:{10-59}, sunset {4-9}:{10-59}.
Wind [west|south|north-east], force {2-8}, [sea slight|sea moderate|sea rough]. Visibility [good|moderate]. Sea temperature {6-20} degrees. ?Small craft should stay in port.""",
    "tv": """[Tonight on|What to watch on] {day}: {1-11}:{10-55} The {team}, with {person}, [a detective|a doctor|a teacher] who returns to {city}. {1-11}:{10-55} [News|Weather and news]. {1-11}:{10-55} Film:
The Road to {city} ({1940-2019}), starring {person} and {person}, {80-180} minutes. {1-11}:{10-55} Late sport from {city}. ?Repeats at {1-5}:{10-55}.""",
    "horoscope": """{month} {1-28}: [Money matters|A letter|A friend] [brings good news|needs patience] [before|after] {day}. Your lucky number is {1-90}. [Travel|Work|Love] [is favoured|takes time]. [Aries|Leo|Libra]:
[rest|wait|speak up]. [Taurus|Virgo|Pisces]: [a surprise from {city}|an old debt]. [Gemini|Cancer|Capricorn]: [stay calm|buy nothing on {day}]. ?Those born today are [loyal|restless].""",
    "drain": """The central bank of {country} said it [drained|absorbed] {100-900} mln crowns from the money market [today|on {day}] through sales of bills maturing
between {month} {1-28} and {month} {1-28} at rates of {5-9}-{1-7}/8 to {5-9}-{1-7}/8 pct. Earlier it had forecast a surplus of about {100-900} mln crowns in the system.
Dealers said overnight money traded at {5-9}-{1-7}/8 pct before the announcement and [fell|rose] to {5-9}-{1-7}/8 pct after it.
?The bank is not expected to act again before {day}, when [tax payments fall due|reserve requirements are settled].""",
    "forecast": """The bank said it [forecast|expected] a shortage of around {100-990} mln stg in the money market today. Among the main factors, bills maturing in
official hands and the take-up of treasury bills will drain some {100-990} mln stg, while a rise in the note circulation will take out {20-300} mln. Partly
offsetting these, exchequer transactions will add [around|some] {20-300} mln stg and bankers' balances above target a further {10-90} mln.""",
    "repurchase": """The reserve bank entered the government securities market to arrange [{2-7}-day|overnight|weekend] system repurchase agreements, a spokesman said.
Dealers said funds were trading at {5-8}-{1-15}/16 pct at the time of the direct operation, [which economists had expected|a larger move than expected]. Economists
said the bank had to supply reserves in the [current|new] two-week statement period because tax balances at the central bank have been [high|rising].
?On {day} the bank added temporary reserves indirectly through {1-4}.{1-9} billion dlrs of customer repurchase agreements.""",
    "crop": """[Showers over|Dry weather in|Cool nights across] the western grain belt [brought relief to|held back|favoured] winter wheat, the state crop service said in its weekly report.
Subsoil moisture was rated {40-70} percent adequate, {10-40} percent short and {5-20} percent in surplus. Winter wheat was rated {40-70} percent good to excellent, against {40-70}
percent a week earlier. Oats were {5-90} percent sown, compared with a five-year average of {5-90} percent. Farmers had {1-6}.{1-9} days suitable for field work.""",
    "licences": """The commission granted export licences for {10-90},000 tonnes of free market barley at a maximum rebate of {100-160}.{10-99} units a tonne and for {10-90},000 tonnes of
bread-making wheat at {100-160}.{10-99}, trade sources in {city} said. It rejected all bids for feed wheat at the weekly tender. ?Traders had put forward requests for
between {100-300},000 and {301-500},000 tonnes. The total granted since the beginning of the season now stands at {1-4}.{1-9} mln tonnes, they said.""",
    "inspections": """Grain inspected for export in the week to {month} {1-28} came to {10-90} mln bushels of corn, {10-40} mln of soybeans and {10-40} mln of wheat, the department said. That
compares with {10-90}, {10-40} and {10-40} mln bushels the week before. Traders had expected corn inspections of between {10-40} and {41-90} mln. Since the beginning of the
season {200-900} mln bushels of corn have been inspected, against {200-900} mln a year ago.""",
    "oil_output": """{country} produced an average of {1-4}.{10-99} mln barrels of crude oil a day in {month}, compared with {1-4}.{10-99} mln in {month} and {1-4}.{10-99} mln a year earlier, the energy ministry
said in its monthly bulletin. Exports averaged {1-3}.{10-99} mln barrels a day, of which {20-60} pct went to [Europe|Asia|North America]. The average price obtained was {10-40}.{10-99} dlrs a
barrel. ?Refineries ran at {60-99} pct of capacity. The ministry gave no forecast for {month}.""",
    "bourse_week": """Share prices in {city} ended the week {up} in [quiet|moderate|active] trading as investors [waited for|digested] company results and watched the currency. The all-share
index closed at {200-2900}.{10-99}, against {200-2900}.{10-99} a week ago. Turnover fell to {100-900} mln crowns from {100-900} mln. Brokers said foreign buyers stayed away because of the weak
dollar and because the budget debate has not yet ended. ?{company} was the week's most active share.""",
    "prices_index": """Consumer prices in {country} rose {0.1-1.9} pct in {month} after rising {0.1-1.9} pct in {month}, the statistics office said. The rise was the [largest|smallest] for any month since
{month} of last year and brought the year-on-year rate to {1.0-19.9} pct from {1.0-19.9} pct. Food prices rose {0.1-1.9} pct and the cost of fuel and light {0.1-1.9} pct. The index, base
1980, stood at {110-290}.{1-9}. ?The government's forecast for the whole year is {1.0-19.9} pct.""",
}  # fmt: skip
"""Family → its template."""

_WORDS = {
    "city": "Ashford Belmora Carden Dunwick Elmsley Farrow Gannet Holm Ivybridge Jarrow Kelton Lowell Marsden Norwood Otley "
    "Penrith Quarry Redhill Selby Thornton Upton Varley Wexford Yarm Zelwick Brandon Colby Drayton Exley Fenton",
    "company": "Acorn Borealis Cobalt Dorset Everline Fulmar Granite Halcyon Ironbark Juniper Kestrel Lodestar Meridian Northfield "
    "Oakham Pallas Quillon Rowan Sterling Tamarack Umber Vanguard Westmark Xenon Yarrow Zephyr",
    "first": "Anna Boris Clara David Elena Frank Greta Hugo Irene Jonas Karin Louis Maria Nils Olga Peter Rosa Simon Tara Ugo Vera "
    "Walter Yusuf Zoe Ahmed Bjorn Chidi Deepa",
    "last": "Abbott Barros Cole Dahl Eriksen Fontaine Gupta Haas Ito Jensen Kaplan Lindt Moreau Novak Okafor Petrov Quinn Rossi Sato "
    "Tanner Ueda Varga Weiss Young Zeller Brandt Castro Doyle",
    "team": "Rovers Wanderers Harriers Falcons Mariners Pilgrims Saints Colts Rangers Lions Foxes Comets Eagles Hornets Kings Ravens",
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "month": "January February March April May June July August September October November December",
    "up": "higher lower up down",
    "country": "Norway Chile Kenya Japan Canada Brazil Egypt Poland Spain India Turkey Mexico Ghana Peru Austria Taiwan Denmark",
    "street_name": "Mill Church Station Park Victoria Chapel Green Bridge Spring Queen Oak Cedar Lake Hill River Market",
}
_CHOICES = {slot: text.split() for slot, text in _WORDS.items()}


def piece(
    family: str, rng: random.Random, *, wording: random.Random | None = None, names: random.Random | None = None
) -> str:
    """One filled-in piece of a family.

    With `wording` or `names` the choice of sentences or of names is drawn from there: given the same state each
    time, they do not change from piece to piece, as in a daily series about one place in which nothing but the
    figures is new.
    """
    wording, names = wording or rng, names or rng
    lines = [" ".join(line.split()) for line in re.split(r"(?<=[.\"])\s+(?=[?A-Z\[{\"])", TEMPLATES[family])]
    text = " ".join(line.lstrip("?") for line in lines if not line.startswith("?") or wording.random() < 0.5)
    while (wider := re.sub(r"\[([^\[\]]*)\]", lambda found: wording.choice(found[1].split("|")), text)) != text:
        text = wider
    return re.sub(r"\{([^{}]+)\}", lambda found: _fill(found[1], rng, names), text)


def _fill(slot: str, rng: random.Random, names: random.Random) -> str:
    if slot == "person":
        return f"{names.choice(_CHOICES['first'])} {names.choice(_CHOICES['last'])}"
    if slot == "street":
        return f"{names.choice(_CHOICES['street_name'])} {names.choice(['Street', 'Road', 'Avenue', 'Lane'])}"
    if slot == "company":
        return f"{names.choice(_CHOICES['company'])} {names.choice(['Industries', 'Group', 'Holdings', 'Corp', 'Ltd', 'Partners'])}"
    if slot == "team":
        return f"{names.choice(_CHOICES['city'])} {names.choice(_CHOICES['team'])}"
    if slot in ("day", "month", "up"):
        return rng.choice(_CHOICES[slot])
    if slot in _CHOICES:
        return names.choice(_CHOICES[slot])
    low, high = slot.split("-")
    places = len(low.partition(".")[2]) or len(high.partition(".")[2])
    return f"{rng.uniform(float(low), float(high)):.{places}f}"


def word(slot: str, rng: random.Random) -> str:
    """One of the names a slot is filled from."""
    return rng.choice(_CHOICES[slot])
