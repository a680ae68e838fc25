"""The words of shops' names as OCR misspells them: legal forms, trades, figures and letters inside words.

A name that nobody knows stays as it was read. What is mended are words that many shops have in their names, and
signs that no word has in its middle.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from liasse.lib.text import fold

_WORDS: Final = (
    "accessories account advertising agencies apotheke appliances aquarium associates authentic automobile "
    "backerei backhaus bakeries banquet baumarkt bengkel beverage beverages bijouterie bistrot blumenhaus "
    "bookshop bookstore boucherie boulangerie boutique brasserie brothers buchhandlung builders building business "
    "cafeteria carpenter catering ceramic charcuterie chicken chinese chocolate chocolaterie cleaning clothing "
    "coiffure collection collections commerce commercial communication communications community company computer "
    "computers concept confectionery confiserie construction consultancy consulting convenience cordonnerie "
    "corporation cosmetic cosmetics creation creations cuisine decoration department dessert desserts development "
    "distribution distributor distributors drogerie drogerien drugstore education electric electrical electronic "
    "electronics engineering enterprise enterprises entertainment epicerie equipment express factory fashion "
    "fishery fitness fleischerei fleuriste florist florists fournitures friseur fromagerie furnishing furniture "
    "gallery garages gardens gartencenter gasthaus gasthof gaststatte gelateria general getranke getrankemarkt "
    "groceries grocery handels handelsgesellschaft handphone hardware hartware healthcare holding holdings "
    "homemart hospital hospitality household hypermarche hypermarket imports industrial industries industry "
    "interior international internet investment jardinerie jewellery juwelier kaufhaus kitchen konditorei "
    "kopitiam laundry lebensmittel leisure librairie lifestyle lighting logistics machinery magasin maintenance "
    "malaysia management manufacturing marketing markets material materials maternity medical merchandise "
    "metzgerei minimarket mobilier modehaus multimedia noodles nursery optical optician opticien optique organic "
    "outdoor packaging paradise parfumerie parking partner partners pasaraya patisserie perfumery perniagaan "
    "personal petroleum pharmacia pharmacie pharmacy photography pizzeria plastic plumbing poissonnerie premium "
    "primeurs printing product production products promotion properties property provision publication publishing "
    "quality quincaillerie reservation residence resources restaurant restaurants restoran ristorante sanitary "
    "schuhhaus scientific seafood security service services shipping shopping solution solutions southern "
    "souvenir special specialist spezialitaten spielwaren sportswear station stationary stationery steakhouse "
    "superette supermarche supermarket supermarkt supplier suppliers supplies surgery syarikat systems tailoring "
    "tankstelle technik technologies technology telecommunication textile textiles tobacco toiletries tourism "
    "trading tradition training transport travels tropical vegetables vegetarian ventures veterinary vinotheque "
    "wholesale workshop "
)
_TRADES: Final = frozenset(_WORDS.split())
_SHORTEST: Final = 7
_WORD: Final = re.compile(r"[^\W_]+")
# Figures that OCR reads for the letters they look like, where letters stand on both sides.
_FIGURES: Final = {"0": "O", "1": "I", "5": "S", "8": "B"}
_FIGURE: Final = re.compile(r"(?<=[^\W\d_])[0158](?=[^\W\d_])")
_LETTERS_A_FIGURE: Final = 3
# A capital I between small letters is an l, but for names like McIntosh.
_CAPITAL: Final = re.compile(r"(?<![Mm][Aa]c)(?<!Mc)(?<=[a-z])I(?=[a-z])")
_SDN_BHD: Final = re.compile(r"(?<![a-z0-9])([s5][dou0i]n)(\.?,? ?)([b8][hn][du0o])(?![a-z0-9])")
_GMBH: Final = re.compile(r"(?<![a-z0-9])g[mnr][b8][hn](?![a-z0-9])")


def mended_name(name: str) -> str:
    """Return a shop's name with what OCR misreads put right; every character keeps its place."""
    plain = _WORD.sub(lambda match: _mended(_CAPITAL.sub("l", _lettered(match[0]))), name)
    folded = fold(plain)
    for found in _SDN_BHD.finditer(folded):
        plain = _put(_put(plain, found.start(1), "sdn"), found.start(3), "bhd")
    for found in _GMBH.finditer(folded):
        # Small letters and a capital are how the form is written.
        plain = plain if folded[found.start() : found.end()] == "gmbh" else _set(plain, found.start(), "GmbH")
    return plain


def _lettered(word: str) -> str:
    """Return a word with letters for the figures inside; what has few letters for its figures is no word."""
    figures = sum(character.isdigit() for character in word)
    letters = sum(character.isalpha() for character in word)
    return _FIGURE.sub(_letter, word) if figures and letters >= _LETTERS_A_FIGURE * figures else word


def _letter(match: re.Match[str]) -> str:
    around = match.string[match.start() - 1] + match.string[match.end()]
    letter = _FIGURES[match[0]]
    return letter if around.isupper() else letter.lower()


def _mended(word: str) -> str:
    """Return a long word that differs in one letter from one that shops are called by as that word."""
    folded = fold(word)
    known = _nearest(folded) if len(folded) >= _SHORTEST else folded
    return word if known == folded else _put(word, 0, known)


@lru_cache(maxsize=1024)
def _nearest(folded: str) -> str:
    if folded in _TRADES:
        return folded
    near = [known for known in _TRADES if len(known) == len(folded) and _differ_by_one(known, folded)]
    return near[0] if len(near) == 1 else folded


def _differ_by_one(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _put(text: str, at: int, letters: str) -> str:
    """Return a text with other letters where they differ, in capitals where its own or their neighbours are."""
    old = text[at : at + len(letters)]
    capital = sum(one.isupper() for one in old) * 2 > sum(one.isalpha() for one in old)
    new = (
        was if fold(was) == letter else letter.upper() if capital or was.isupper() else letter
        for was, letter in zip(old, letters, strict=True)
    )
    return _set(text, at, "".join(new))


def _set(text: str, at: int, letters: str) -> str:
    return text[:at] + letters + text[at + len(letters) :]
