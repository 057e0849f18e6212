"""Who may be named as a party: the meeting's delegations, and the groups that states speak in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SEPARATOR = re.compile(r"\s*[,/]\s*(?:and\s+|и\s+)?")
AND = re.compile(r"\s+(?:and|и)\s+")
GROUPS = {
    "EU": ("European Union",),
    "G77": ("G-77", "G77 and China", "G-77 and China", "Group of 77", "Group of 77 and China"),
    "LDCs": ("LDC", "Least Developed Countries"),
    "SIDS": ("Small Island Developing States",),
    "LLDCs": ("LLDC", "Landlocked Developing Countries"),
    "AOSIS": ("Alliance of Small Island States",),
    "AGN": ("African Group", "African Group of Negotiators"),
    "Arab Group": (),
    "ASEAN": (),
    "CIS": ("Commonwealth of Independent States",),
    "EAEU": ("Eurasian Economic Union",),
    "GCC": ("Gulf Cooperation Council",),
    "GRULAC": (),
    "LMDCs": ("LMDC", "Like-Minded Developing Countries"),
    "NAM": ("Non-Aligned Movement",),
    "OIC": ("Organisation of Islamic Cooperation", "Organization of Islamic Cooperation"),
    "OTS": ("Organization of Turkic States",),
    "SCO": ("Shanghai Cooperation Organization", "Shanghai Cooperation Organisation"),
    "Umbrella Group": (),
}


@dataclass(frozen=True, slots=True)
class Register:
    """Codes count as they are written (`ARE` is a state, `are` a word), names in any case."""

    codes: Mapping[str, str]
    names: Mapping[str, str]  # case-folded name -> code

    @classmethod
    def of(cls, delegations: Iterable[tuple[str, str]]) -> "Register":
        """From (code, name) of each delegation; `Iran (Islamic Republic of)` is `Iran`, too."""
        codes: dict[str, str] = {}
        names: dict[str, str] = {}
        for group, others in GROUPS.items():
            codes[group] = group
            names |= {name.casefold(): group for name in (group, *others) if " " in name or "-" in name}
            codes |= {name: group for name in others if " " not in name}
        for code, name in delegations:
            codes[code] = code
            names |= {each.casefold(): code for each in (name, name.partition(" (")[0]) if each}
        return cls(codes, names)

    def find(self, name: str) -> str | None:
        """The code of one party."""
        name = " ".join(name.split()).removeprefix("the ")
        return self.codes.get(name) or self.names.get(name.casefold())

    def parties(self, text: str) -> tuple[str, ...]:
        """The codes of a list such as `KAZ, the Russian Federation and IND`; empty: it is no list of parties."""
        found: list[str] = []
        for part in SEPARATOR.split(text.strip()):
            codes = self._joined(AND.split(part))
            if not codes:
                return ()
            found += codes
        return tuple(dict.fromkeys(found))

    def _joined(self, words: list[str]) -> list[str]:
        """`A and B`, where a name may hold an `and` itself: the longest name first."""
        codes: list[str] = []
        while words:
            tries = ((length, self.find(" and ".join(words[:length]))) for length in range(len(words), 0, -1))
            length, code = next(((length, code) for length, code in tries if code), (0, None))
            if code is None:
                return []
            codes.append(code)
            words = words[length:]
        return codes
