"""The customers of Northwind Instruments: who they are and where they sit."""
# ruff: noqa: E501  # one customer a line, each in its own script

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer company."""

    ref: str
    name: str
    domain: str
    culture: str
    street: str
    postal_code: str
    city: str
    country: str
    #: Country and area code of its telephones.
    dial: str
    industry: str
    #: IANA name of its time zone.
    zone: str


def _read(line: str, industry: str) -> Customer:
    ref, *rest = (part.strip() for part in line.split("|"))
    name, domain, culture, street, postal_code, city, country, dial, zone = rest
    return Customer(
        ref=ref,
        name=name,
        domain=f"{domain}.example",
        culture=culture,
        street=street,
        postal_code=postal_code,
        city=city,
        country=country,
        dial=dial,
        industry=industry,
        zone=zone,
    )


_BY_INDUSTRY = {
    "Energy": """
polarvind | Polarvind Kraft AB | polarvind | swedish | Strandgatan 14 | 972 31 | Luleå | Sweden | +46 920 | Europe/Stockholm
geysir | Jarðvarmi ehf. | jardvarmi | icelandic | Hafnarstræti 9 | 101 | Reykjavík | Iceland | +354 | Atlantic/Reykjavik
lekki | Lekki Gas & Power Ltd | lekkigas | nigerian | 12 Admiralty Way | 106104 | Lagos | Nigeria | +234 1 | Africa/Lagos
helios | Ήλιος Ενέργεια Α.Ε. | heliosenergy | greek | Λεωφόρος Συγγρού 112 | 117 41 | Αθήνα | Greece | +30 210 | Europe/Athens
mazovia | Mazowieckie Sieci Cieplne S.A. | mazowieckiesieci | polish | ul. Żelazna 51/53 | 00-841 | Warszawa | Poland | +48 22 | Europe/Warsaw
petroguas | Petróleos de Guimarães, Lda. | petroguimaraes | portuguese | Rua da Conceição 77 | 1100-153 | Lisboa | Portugal | +351 21 | Europe/Lisbon
""",
    "Manufacturing": """
schaefer | Schäfer & Söhne Präzisionstechnik GmbH | schaefer-soehne | german | Königstraße 3 | 70173 | Stuttgart | Germany | +49 711 | Europe/Berlin
laiterie | Laiterie du Haut-Béarn SAS | hautbearn | french | 8 allée des Érables | 64000 | Pau | France | +33 5 | Europe/Paris
acerias | Aceros Peña Ibérica, S.L. | acerospena | spanish | Calle Muñoz Seca 21, 3.º B | 28001 | Madrid | Spain | +34 91 | Europe/Madrid
dvorak | Strojírny Dvořák a.s. | strojirnydvorak | czech | Přístavní 5 | 170 00 | Praha | Czechia | +420 2 | Europe/Prague
anadolu | Anadolu Ölçü Sanayi A.Ş. | anadoluolcu | turkish | Büyükdere Cad. No:201 | 34394 | İstanbul | Türkiye | +90 212 | Europe/Istanbul
hanlim | 한림정밀 주식회사 | hanlim | korean | 테헤란로 152 | 06236 | 서울 | South Korea | +82 2 | Asia/Seoul
changjiang | 长江仪表有限公司 | changjiang-yibiao | chinese | 南京西路1266号 | 200040 | 上海 | China | +86 21 | Asia/Shanghai
takahashi | 髙橋計測株式会社 | takahashi-keisoku | japanese | 丸の内2-7-2 | 100-7090 | 東京 | Japan | +81 3 | Asia/Tokyo
dellacqua | Dell'Acqua Valvole S.p.A. | dellacqua-valvole | italian | Via Niccolò Machiavelli 10 | 20145 | Milano | Italy | +39 02 | Europe/Rome
saigon | Công ty TNHH Thép Sài Gòn | thepsaigon | vietnamese | 15 Đường Nguyễn Huệ | 700000 | TP. Hồ Chí Minh | Vietnam | +84 28 | Asia/Ho_Chi_Minh
""",
    "Technology": """
dnipro | ТОВ «Дніпро Автоматика» | dnipro-avtomatyka | cyrillic | просп. Дмитра Яворницького 60 | 49000 | Дніпро | Ukraine | +380 56 | Europe/Kyiv
gulf | الخليج لأجهزة القياس ش.م.م | gulf-measurement | arabic | شارع الشيخ زايد 45 | 00000 | دبي | United Arab Emirates | +971 4 | Asia/Dubai
negev | נגב מדידות בע״מ | negev-metrology | hebrew | רחוב הרצל 18 | 8410501 | באר שבע | Israel | +972 8 | Asia/Jerusalem
bharat | भारत मापन प्राइवेट लिमिटेड | bharat-mapan | hindi | महात्मा गांधी मार्ग 27 | 560001 | बेंगलुरु | India | +91 80 | Asia/Kolkata
chaophraya | บริษัท เจ้าพระยา เซ็นเซอร์ จำกัด | chaophraya-sensor | thai | 99 ถนนสาทรเหนือ | 10500 | กรุงเทพมหานคร | Thailand | +66 2 | Asia/Bangkok
balaton | Balaton Szenzor Kft. | balatonszenzor | hungarian | Fő utca 12. | 8600 | Siófok | Hungary | +36 84 | Europe/Budapest
""",
    "Consulting": """
brooke | Brontë, Whitby & O'Sullivan LLP | bwo-assurance | english | 4 St Mary's Gate, 2nd Floor | YO1 7HH | York | United Kingdom | +44 1904 | Europe/London
kontroll | Kontroll & Kalibrering i Väst AB | kokvast | swedish | Östra Hamngatan 41–43 | 411 10 | Göteborg | Sweden | +46 31 | Europe/Stockholm
""",
}

CUSTOMERS = tuple(
    _read(line, industry)
    for industry, table in _BY_INDUSTRY.items()
    for line in table.strip().splitlines()
)
