"""A true place -> a text that names it, and the row that says what would be right."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field

from tests.geocoding_rows import keyboard
from tests.geocoding_rows.books import Book
from tests.geocoding_rows.boundaries import Ward, Wards
from tests.geocoding_rows.spots import Spot

SHORT_DISTRICTS = {
    "Quận Bình Thạnh": ("Q.BThạnh", "Q. B.Thạnh", "BThạnh", "Q.Bình Thạnh"),
    "Quận Bình Tân": ("Q.BTân", "Q. B.Tân", "Bình Tân"), "Quận Gò Vấp": ("Q.GV", "GV", "Gvap"),
    "Quận Phú Nhuận": ("Q.PN", "PN", "P.Nhuận"), "Quận Tân Bình": ("Q.TB", "Q. TB", "T.Bình"),
    "Quận Tân Phú": ("Q.TP", "Q. T.Phú", "Tân Phú"), "Huyện Hóc Môn": ("H.HM", "HMôn"),
    "Huyện Bình Chánh": ("H.BC", "B.Chánh"), "Huyện Củ Chi": ("H.CC", "Củ Chi"),
    "Huyện Nhà Bè": ("H.NB", "Nhà Bè"), "Huyện Cần Giờ": ("H.CG", "Cần Giờ"),
    "Thành phố Thủ Đức": ("TP.TĐ", "TP Thủ Đức", "Tp.Thủ Đức", "Thủ Đức"),
    "Quận Thủ Đức": ("Q.TĐ", "Q. Thủ Đức", "Thủ Đức"),
}  # fmt: skip
KNOWN_SHORT = {
    "Cách Mạng Tháng Tám": "CMT8", "Xô Viết Nghệ Tĩnh": "XVNT", "Nam Kỳ Khởi Nghĩa": "NKKN",
    "Nguyễn Thị Minh Khai": "NTMK", "Điện Biên Phủ": "ĐBP", "Trần Hưng Đạo": "THĐ",
    "Nguyễn Đình Chiểu": "NĐC", "Huỳnh Tấn Phát": "HTP", "Cộng Hòa": "C.Hòa",
    "Lạc Long Quân": "LLQ", "Lê Văn Sỹ": "LVS", "Hoàng Văn Thụ": "HVT", "Phạm Văn Đồng": "PVĐ",
    "Nguyễn Tri Phương": "NTP", "Trường Chinh": "T.Chinh", "Phan Đăng Lưu": "PĐL",
    "Quốc lộ 1A": "QL1A", "Quốc lộ 13": "QL13", "Tỉnh lộ 10": "TL10", "3 Tháng 2": "3/2",
    "Đường 3 Tháng 2": "đường 3/2", "Nguyễn Kiệm": "Ng.Kiệm", "Võ Văn Kiệt": "VVK",
    "Nguyễn Thái Sơn": "Ng.T.Sơn", "Lý Thường Kiệt": "LTK", "Hai Bà Trưng": "HBT",
}  # fmt: skip
SHARES = {
    "old_full": 22, "old_abbr": 24, "new_ward": 22, "district_only": 15, "no_admin": 8,
    "wrong_ward": 5, "pre2021_district": 25,
}  # fmt: skip


@dataclass
class Draft:
    """A text on its way, and the tags that it has earned."""

    text: str
    tags: list[str] = field(default_factory=list)
    form: str = "address"
    category: str = ""
    phrase: str = ""
    """The phrase of the book that names the place: which ones fail tells why."""


class Writer:
    """Writes texts in the manner of one book; the same draws give the same texts."""

    def __init__(self, book: Book, wards: tuple[Wards, Wards], draw: random.Random) -> None:
        """``wards`` are those of 2025 and of 2021, for naming a neighbour by mistake."""
        self.book, self.draw = book, draw
        self.now, self.before = wards

    def write(self, spot: Spot) -> Draft:
        """Return a text that names ``spot``."""
        draft = Draft("")
        draft.text = self._addressed(spot, draft)
        if self.draw.random() < 0.55:
            self._complain(draft)
        self._mistype(draft)
        return draft

    def nothing(self) -> Draft:
        """Return a text that names no place in the city."""
        draft = Draft(self.draw.choice(self.book.nothing), ["no_location"], "report")
        if self.draw.random() < 0.2:
            draft.text = keyboard.without_marks(draft.text)
        return draft

    def _addressed(self, spot: Spot, draft: Draft) -> str:
        if spot.kind == "ward_only":
            return self._area(spot, draft)
        place = self._place(spot, draft)
        style = self._style(spot)
        draft.tags.append(style)
        ward, district = getattr(self, f"_{style}")(spot)
        if style == "wrong_ward":
            draft.tags.append("old_full")
        return self._ordered(place, ward, district)

    def _ordered(self, place: str, ward: str, district: str) -> str:
        city = self.draw.choice(self.book.cities) if self.draw.random() < 0.3 else ""
        order = self.draw.choice(self.book.orders) if ward and district else "{x}, {p}{q}, {c}"
        said = order.format(x=place, p=ward, q=district, c=city)
        return re.sub(r"[\s,\-.]+$", "", re.sub(r"(,\s*)+,", ",", said)).strip()

    def _place(self, spot: Spot, draft: Draft) -> str:
        phrases = {
            "house": self.book.houses, "alley": self.book.alleys, "landmark": self.book.landmarks,
            "intersection": self.book.crossings, "street_only": self.book.streets,
        }[spot.kind]  # fmt: skip
        street, second = self._street(spot.street, draft), self._street(spot.second, draft)
        if spot.kind == "intersection" and self.draw.random() < 0.5:
            street, second = second, street
        draft.phrase = self.draw.choice(phrases)
        said = draft.phrase.format(
            s=street, t=second, n=spot.number, l=spot.name, h=self._inner_house()
        )
        return re.sub(
            r"(?i)\b(đường|đ\.|duong) *(?=(đường|duong|hẻm|hem|đại lộ|quốc lộ)\b)", "", said
        )

    def _street(self, name: str, draft: Draft) -> str:
        if name not in KNOWN_SHORT or self.draw.random() < 0.6:
            return name
        draft.tags.append("street_abbr")
        return KNOWN_SHORT[name]

    def _inner_house(self) -> str:
        return f"{self.draw.randrange(1, 90)}{self.draw.choice(['', '', '', '', 'A', 'B'])}"

    def _style(self, spot: Spot) -> str:
        weights = dict(SHARES)
        if spot.before is None:
            weights = {"new_ward": 30, "no_admin": 5}
        elif spot.kind == "street_only":
            return "district_only"
        elif spot.before.district != "Thành phố Thủ Đức":
            del weights["pre2021_district"]
        if spot.ambiguous:
            weights["no_admin"] = 1
        if spot.ambiguous and re.search(r"\d", spot.street):
            weights |= {"no_admin": 0, "district_only": 0}
        return self.draw.choices(list(weights), list(weights.values()))[0]

    def _old_full(self, spot: Spot) -> tuple[str, str]:
        return spot.before.full_name, spot.before.district

    def _old_abbr(self, spot: Spot) -> tuple[str, str]:
        return self._short_ward(spot.before), self._short_district(spot.before.district)

    def _new_ward(self, spot: Spot) -> tuple[str, str]:
        short = self.draw.random() < 0.5
        return (self._short_ward(spot.now) if short else spot.now.full_name), ""

    def _district_only(self, spot: Spot) -> tuple[str, str]:
        district = spot.before.district
        return "", self._short_district(district) if self.draw.random() < 0.5 else district

    def _no_admin(self, _spot: Spot) -> tuple[str, str]:
        return "", ""

    def _wrong_ward(self, spot: Spot) -> tuple[str, str]:
        around = self.before.near(spot.point, 1_200)
        others = [
            ward for ward in around
            if ward.code != spot.before.code and ward.district == spot.before.district
        ]  # fmt: skip
        wrong = self.draw.choice(others) if others else spot.before
        return wrong.full_name, wrong.district

    def _pre2021_district(self, spot: Spot) -> tuple[str, str]:
        old = spot.older or spot.before
        ward = old.full_name if self.draw.random() < 0.5 else self._short_ward(old)
        return ward, self._short_district(old.district)

    def _short_ward(self, ward: Ward) -> str:
        kind, name = re.match(r"(?i)(phường|xã|thị trấn|đặc khu)\s+(.*)", ward.full_name).groups()
        short = {"phường": "P", "xã": "X", "thị trấn": "TT"}.get(kind.lower())
        if short is None:
            return ward.full_name
        forms = [f"{short}.{name}", f"{short}. {name}", f"{short.lower()}.{name}",
                 f"{kind.lower()} {name}"]  # fmt: skip
        if name.isdigit():
            forms += [f"{short}{name}", f"{short.lower()}{name}", f"{short}.{int(name):02d}"]
            forms += ["F" + name, f"f.{name}"] if self.book.southern else []
        return self.draw.choice(forms)

    def _short_district(self, district: str) -> str:
        kind, name = re.match(r"(Quận|Huyện|Thành phố)\s+(.*)", district).groups()
        if name.isdigit():
            forms = [f"Q{name}", f"Q.{name}", f"Q. {name}", f"q{name}", f"quận {name}"]
        else:
            letter = {"Quận": "Q", "Huyện": "H", "Thành phố": "TP"}[kind]
            forms = [f"{letter}.{name}", f"{letter}. {name}", name, *SHORT_DISTRICTS[district]]
        return self.draw.choice(forms)

    def _area(self, spot: Spot, draft: Draft) -> str:
        draft.tags.append("old_ward_only" if spot.before else "new_ward_only")
        if spot.before:
            district = spot.before.district
            forms = [(spot.before.full_name, district), self._old_abbr(spot)]
            said = self.draw.choice([", ", " ", " - "]).join(self.draw.choice(forms))
        else:
            said = self.draw.choice([spot.now.full_name, self._short_ward(spot.now)])
        if self.draw.random() < 0.3:
            said += ", " + self.draw.choice(self.book.cities)
        return self.draw.choice(self.book.areas).format(a=said)

    def _complain(self, draft: Draft) -> None:
        draft.form = "report"
        draft.category = self.draw.choice(sorted(self.book.sentences))
        sentence = self.draw.choice(self.book.sentences[draft.category])
        place = draft.text
        if not sentence.startswith("{x}") and self.draw.random() < 0.8:
            place = self.draw.choice(self.book.before) + place
        said = sentence.format(x=place) + self.draw.choice(self.book.endings)
        draft.text = said[0].upper() + said[1:]

    def _mistype(self, draft: Draft) -> None:
        if self.draw.random() < 0.16:
            draft.text = keyboard.slip(
                draft.text, self.draw, southern=self.book.southern
            )  # fmt: skip
            draft.tags.append("typo")
        changes = {
            "no_diacritics": 15, "lower": 8, "upper": 4, "telex_raw": 2, "nfd": 4, "": 67,
        }  # fmt: skip
        change = self.draw.choices(list(changes), list(changes.values()))[0]
        if change:
            draft.tags.append(change)
            draft.text = self._typed(change, draft.text)

    def _typed(self, change: str, text: str) -> str:
        if change == "telex_raw":
            return keyboard.telex(text, tone_last=self.draw.random() < 0.6)
        return {
            "no_diacritics": keyboard.without_marks,
            "lower": str.lower,
            "upper": str.upper,
            "nfd": lambda whole: unicodedata.normalize("NFD", whole),
        }[change](text)
