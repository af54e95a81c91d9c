"""Words that newsrooms write in different ways, and the one way they are counted in.

Sources: the spelling sections of public style guides (The Guardian, The Economist, AP, Reuters), from memory of the
trade and written down here as plain pairs. `z` is already folded to `s`, so `-ise`/`-ize` needs no rows.
"""

from __future__ import annotations

DROPPED = frozenset({"percent", "pct", "dlr", "dlrs", "dollar", "dollars"})
"""Units that other houses write as a sign (`%`, `$`), which separates words and leaves none."""

_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],  # fmt: skip
        start=1,
    )
}

_SHORT = {
    "mln": "million", "m": "million", "mn": "million", "bln": "billion", "bn": "billion", "trln": "trillion",
    "yr": "year", "yrs": "years", "qtr": "quarter", "mth": "month", "mths": "months", "stg": "sterling",
    "gov": "governor", "sen": "senator", "rep": "representative", "gen": "general", "pres": "president",
    "prof": "professor", "dr": "doctor", "mr": "mister", "govt": "government", "corp": "corporation", "co": "company",
    "inc": "incorporated", "ltd": "limited", "says": "said",
    "jan": "january", "feb": "february", "mar": "march", "apr": "april", "jun": "june", "jul": "july", "aug": "august",
    "sept": "september", "sep": "september", "oct": "october", "nov": "november", "dec": "december",
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thurs": "thursday",
    "fri": "friday",
}  # fmt: skip

_OUR = [
    "armour", "behaviour", "candour", "clamour", "colour", "endeavour", "favour", "favourite", "favourable",
    "flavour", "glamour", "harbour", "honour", "humour", "labour", "neighbour", "neighbourhood", "odour",
    "parlour", "rigour", "rumour", "saviour", "splendour", "tumour", "valour", "vapour", "vigour",
]  # fmt: skip
_RE = [
    "calibre", "centimetre", "centre", "fibre", "kilometre", "litre", "lustre", "metre", "millimetre", "sabre",
    "sombre", "spectre", "theatre",
]  # fmt: skip
_DOUBLED = [
    "cancelled", "cancelling", "channelled", "counselled", "counsellor", "dialled", "equalled", "fuelled",
    "fuelling", "labelled", "levelled", "marshalled", "modelled", "modelling", "quarrelled", "rivalled",
    "signalled", "signalling", "totalled", "totalling", "travelled", "traveller", "travelling", "tunnelling",
]  # fmt: skip
_PAIRS = {
    "defence": "defense", "offence": "offense", "licence": "license", "pretence": "pretense", "practise": "practice",
    "programme": "program", "programmes": "programs", "cheque": "check", "cheques": "checks", "grey": "gray",
    "tyre": "tire", "tyres": "tires", "kerb": "curb", "plough": "plow", "sceptical": "skeptical", "sceptic": "skeptic",
    "aluminium": "aluminum", "aeroplane": "airplane", "ageing": "aging",
    "judgement": "judgment", "jewellery": "jewelry",
    "catalogue": "catalog", "dialogue": "dialog", "analogue": "analog", "mould": "mold", "moult": "molt",
    "enrol": "enroll", "fulfil": "fulfill", "instalment": "installment", "skilful": "skillful", "wilful": "willful",
    "manoeuvre": "maneuver", "paediatric": "pediatric", "oestrogen": "estrogen", "foetus": "fetus", "anaemia": "anemia",
    "haemorrhage": "hemorrhage", "encyclopaedia": "encyclopedia", "whilst": "while", "amongst": "among",
    "towards": "toward", "afterwards": "afterward", "learnt": "learned", "burnt": "burned", "spelt": "spelled",
    "storey": "story", "storeys": "stories", "draught": "draft", "pyjamas": "pajamas", "moustache": "mustache",
    "axe": "ax", "cosy": "cozy", "per": "per",
}  # fmt: skip

SAME: dict[str, str] = {
    word.replace("z", "s"): same.replace("z", "s")
    for word, same in {
        **_NUMBERS,
        **_SHORT,
        **_PAIRS,
        **{word + end: word.replace("our", "or") + end for word in _OUR for end in ("", "s", "ed", "ing")},
        **{word + end: word[:-2] + "er" + end for word in _RE for end in ("", "s")},
        **{word: word.replace("ll", "l", 1) for word in _DOUBLED},
    }.items()
    if word != same
}
"""Word → the word it is counted as; both in the folded letters of `normalise`."""
