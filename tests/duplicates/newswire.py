# ruff: noqa: E501 - texts
"""Wire pieces written for the tests: one running story over three days, and pieces of the kinds that agencies send daily."""

from __future__ import annotations

FLASH = """The dock workers' union at Port Ellery voted late on Monday to strike from Thursday over plans to automate two of
the five container terminals, union officials said. The vote was 1,912 to 340."""

FIRST_LEAD = """Dock workers at Port Ellery will walk out on Thursday over plans to automate two of the five container
terminals, their union said on Monday after a ballot that drew the largest turnout in its history. The vote was 1,912 to 340.

"Nobody here is against machines, but nobody here will train the machine that takes his children's job," said Marisol Aguirre,
who leads the local branch of the union.

The port authority called the ballot regrettable and said it would apply to a labour court for an order to keep the grain
berth open. Its chairman, Henrik Solberg, said that no worker would be dismissed before the end of next year."""

BACKGROUND = """Port Ellery handles about a fifth of the country's containers and nearly all of its grain exports. The authority
announced in January that it would spend 610 million crowns on driverless cranes at the Eastern and Harbour terminals, which
employ 780 people. A strike there nine years ago lasted eleven days and left forty ships at anchor."""

SECOND_DAY = """Talks to avert a strike at Port Ellery broke down early on Wednesday after the port authority refused to put off
its order for the first six cranes, both sides said. A government mediator, Judge Anneli Roos, said she saw no reason to call
them back before the weekend.

Shipping lines began to divert vessels to Marnhull and Oster. Tidewater Lines said four of its ships would miss the port this
week, and the grain exporters' federation asked the government to declare the harvest an emergency.

"We were offered a study about a study," union negotiator Pavel Brandt told reporters as he left the building. He said pickets
would be posted at all five gates from six in the morning."""

THIRD_DAY = """Soldiers began unloading perishable goods at Port Ellery on Friday as the strike by dock workers entered its
second day and the queue of ships in the roads grew to nineteen. Prime Minister Ilse Toft said the army would handle nothing
but food and medicine.

Police said they had arrested three men after a lorry was stopped and its tyres were cut near gate four. The union denied that
they were members. Shares of crane maker Nordhoist fell 3.4 percent.

Economists at Carrow Bank put the cost of each day of the strike at 24 million crowns, most of it in delayed exports. They said
the trade figures for the month would show it plainly."""

MONEY = """The central bank said it drained 450 mln crowns from the money market today through sales of bills maturing between
March 3 and April 21 at rates of 6-3/8 to 6-7/16 pct. Earlier it had forecast a surplus of about 500 mln crowns in the system.
Dealers said overnight money traded at 6-1/4 pct before the announcement and at 6-3/8 pct after it. The bank is not expected to
act again before Friday, when tax payments fall due."""
MONEY_NEXT = """The central bank said it drained 200 mln crowns from the money market today through sales of bills maturing
between March 10 and April 28 at rates of 6-5/16 to 6-3/8 pct. Earlier it had forecast a surplus of about 250 mln crowns in the
system. Dealers said overnight money traded at 6-1/8 pct before the announcement and at 6-1/4 pct after it. The bank is not
expected to act again before Tuesday, when reserve requirements are settled."""

DIVIDEND = """Halvorsen Tool Corp said its board declared a regular quarterly dividend of 17 cts a share, unchanged from the
previous quarter, payable on April 15 to shareholders of record on March 27. The company, which makes drills and lathes for the
shipbuilding industry, also said its annual meeting will be held on May 6 in Brenton."""
DIVIDEND_OTHER = """Quist Paper Corp said its board declared a regular quarterly dividend of 31 cts a share, unchanged from the
previous quarter, payable on April 22 to shareholders of record on April 3. The company, which makes newsprint and packaging for
the food industry, also said its annual meeting will be held on May 20 in Solvang."""

QUARTER = """Halvorsen Tool Corp 1st qtr net. Shr 41 cts vs 33 cts. Net 8,214,000 vs 6,590,000. Revs 97.1 mln vs 88.4 mln.
Avg shrs 20.0 mln vs 19.9 mln. NOTE: 1986 net includes gain of 1,100,000 dlrs or six cts a share from the sale of a plant.
Backlog at the end of the quarter was 142 mln dlrs. The company said orders from shipyards remained firm."""
QUARTER_NEXT = """Halvorsen Tool Corp 2nd qtr net. Shr 52 cts vs 47 cts. Net 10,430,000 vs 9,371,000. Revs 104.6 mln vs 95.0 mln.
Avg shrs 20.1 mln vs 19.9 mln. NOTE: 1987 net includes charge of 700,000 dlrs or three cts a share for the closing of a warehouse.
Backlog at the end of the quarter was 151 mln dlrs. The company said orders from shipyards remained firm."""

CROP = """Showers over the western grain belt brought relief to winter wheat but delayed the sowing of oats, the state crop
service said in its weekly report. Subsoil moisture was rated 61 percent adequate, 22 percent short and 17 percent in surplus.
Winter wheat was rated 54 percent good to excellent, up from 49 percent a week earlier. Oats were 12 percent sown, behind the
five-year average of 27 percent. Farmers had 2.8 days suitable for field work."""
CROP_NEXT = """Warm and dry weather over the western grain belt let farmers catch up with the sowing of oats, the state crop
service said in its weekly report. Subsoil moisture was rated 55 percent adequate, 34 percent short and 11 percent in surplus.
Winter wheat was rated 57 percent good to excellent, up from 54 percent a week earlier. Oats were 41 percent sown, ahead of the
five-year average of 38 percent. Farmers had 5.6 days suitable for field work."""
