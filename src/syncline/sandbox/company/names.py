"""Names of people from many cultures, in their own scripts.

A name that is not written in Latin letters is followed by its Latin form,
from which the e-mail address is made.
"""
# ruff: noqa: E501  # names stand in their own scripts

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

#: Letters that do not decompose into an ASCII letter and an accent.
_LATIN = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "ə": "e",
    }
)


@dataclass(frozen=True, slots=True)
class Name:
    """A given or family name and how an address spells it."""

    text: str
    latin: str


@dataclass(frozen=True, slots=True)
class Culture:
    """Given and family names that go together."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]


def latin(text: str) -> str:
    """Lower-case ASCII letters for a name in Latin script."""
    plain = unicodedata.normalize("NFKD", text.translate(_LATIN))
    return "".join(c for c in plain if c.isascii() and c.isalnum()).lower()


def _names(text: str) -> tuple[Name, ...]:
    pairs = (word.partition("=") for word in text.split())
    return tuple(Name(own, given or latin(own)) for own, _, given in pairs)


def _culture(given: str, family: str) -> Culture:
    return Culture(_names(given), _names(family))


CULTURES = {
    "swedish": _culture(
        "Åsa Björn Göran Märta Örjan Linnéa Håkan Sigrid Tove Nils",
        "Sjöström Åkesson Hägglund Nordström Öberg Bergqvist Ljungström Svärd",
    ),
    "german": _culture(
        "Jürgen Käthe Anneliese Björn Sören Günther Heike Marlene Lukas Frieda",
        "Müller Schäfer Groß Vögel Königsberger Weiß Strauß Hübner Böttcher",
    ),
    "french": _culture(
        "Éloïse François Zoé Gaël Anaïs Benoît Mathéo Hélène Océane Jérôme",
        "Lefèvre Gauthier Béranger Deschênes Côté Dubœuf Rousseau Maréchal",
    ),
    "spanish": _culture(
        "Íñigo Begoña Martín Lucía Ángel Nuria Sebastián Inés Joaquín Ximena",
        "Núñez Ibáñez Gutiérrez Peña Muñoz Cañizares Zúñiga Vásquez",
    ),
    "polish": _culture(
        "Łukasz Małgorzata Świętosława Zbigniew Grażyna Paweł Żaneta Józef",
        "Wójcik Dąbrowska Kowalczyk Zieliński Świątek Łęcki Gołąb Bąk",
    ),
    "czech": _culture(
        "Jiří Žofie Šárka Ondřej Růžena Vojtěch Tereza Luboš",
        "Dvořák Černý Růžička Šťastný Kučera Němec Říha Žák",
    ),
    "turkish": _culture(
        "Ayşe Çağlar İlknur Gökhan Özlem Şükrü Işıl Tuğba",
        "Yılmaz Öztürk Çelik Şahin Güneş Doğan Kılıç Ağaoğlu",
    ),
    "vietnamese": _culture(
        "Thuỳ=thuy Đức=duc Hằng=hang Quốc=quoc Ánh=anh Vượng=vuong Tuyết=tuyet",
        "Nguyễn=nguyen Trần=tran Phạm=pham Đặng=dang Vũ=vu Đỗ=do Hoàng=hoang",
    ),
    "hungarian": _culture(
        "Zsófia Gergő Ágnes Lőrinc Tünde Csaba Enikő Béla",
        "Szűcs Kővári Fülöp Horváth Gőz Zsigmond Papp Türk",
    ),
    "nigerian": _culture(
        "Adébáyọ̀=adebayo Chukwuemeka Ngọzi=ngozi Ọláolúwa=olaoluwa Fọlákẹ́=folake "
        "Ifeoma Tunde Amaka Ẹniọlá=eniola Musa",
        "Adéyẹmí=adeyemi Okonkwo Nwosu Ọ̀ṣúndélé=osundele Balogun Eze Danjuma Ibekwe",
    ),
    "italian": _culture(
        "Niccolò Chiaretta Giosuè Mariù Ludovica Pierpaolo Nicolò Ginevra",
        "Dell'Acqua Nicolosi Forlì D'Angelo Cantù Sforza Bellomo Zanardi",
    ),
    "portuguese": _culture(
        "João Conceição Simão Inês Gonçalo Mônica Estêvão Thaís",
        "Magalhães Assunção Guimarães Conceição Leitão Brandão Simões Vaz",
    ),
    "icelandic": _culture(
        "Þórdís Guðrún Ólafur Ásgeir Hrafnhildur Sæunn Örn Ægir",
        "Þorsteinsdóttir Guðmundsson Jónsdóttir Sæmundsson Ólafsdóttir Björnsson",
    ),
    "english": _culture(
        "Siân Niamh Rhys Oonagh Graeme Imogen Alasdair Bronwen Tamsin Euan",
        "O'Sullivan MacLeod Featherstonehaugh Brontë Pryce-Jones Okoro Whitby Lowe",
    ),
    "greek": _culture(
        "Γεώργιος=georgios Ελένη=eleni Νίκος=nikos Σοφία=sofia Δημήτρης=dimitris "
        "Άννα=anna Κατερίνα=katerina",
        "Παπαδόπουλος=papadopoulos Οικονόμου=oikonomou Βασιλείου=vasileiou "
        "Γεωργίου=georgiou Αλεξίου=alexiou Μακρής=makris",
    ),
    "cyrillic": _culture(
        "Олександр=oleksandr Наталія=natalia Мирослава=myroslava Юлія=yuliia "
        "Ђорђе=djordje Љубица=ljubica Ирина=irina Алёна=alyona",
        "Шевченко=shevchenko Ковальчук=kovalchuk Їжакевич=yizhakevych "
        "Живковић=zivkovic Ђурић=djuric Соловьёв=solovyov Щербакова=shcherbakova",
    ),
    "arabic": _culture(
        "محمد=mohammed فاطمة=fatima يوسف=yousef ليلى=layla عبدالله=abdullah نور=nour "
        "خالد=khaled",
        "الحداد=alhaddad المصري=almasri بن‌علي=benali الشامي=alshami القاسم=alqasim "
        "منصور=mansour",
    ),
    "hebrew": _culture(
        "שרה=sara יעקב=yaakov נועם=noam תמר=tamar אבישי=avishai רבקה=rivka",
        "כהן=cohen לוי=levi בן־דוד=bendavid פרידמן=friedman שפירא=shapira מזרחי=mizrahi",
    ),
    "chinese": _culture(
        "小明=xiaoming 雪梅=xuemei 建国=jianguo 思远=siyuan 美玲=meiling 志强=zhiqiang 芳=fang",
        "王=wang 李=li 歐陽=ouyang 陳=chen 諸葛=zhuge 赵=zhao 𠮷田=jitian",
    ),
    "japanese": _culture(
        "さくら=sakura 健太=kenta 美咲=misaki ユウキ=yuuki 陽子=yoko 大輔=daisuke",
        "佐藤=sato 髙橋=takahashi 渡邉=watanabe 山﨑=yamazaki 斎藤=saito 小林=kobayashi",
    ),
    "korean": _culture(
        "지민=jimin 서연=seoyeon 민준=minjun 하은=haeun 도윤=doyun 예린=yerin",
        "김=kim 이=lee 박=park 남궁=namgung 최=choi 정=jung",
    ),
    "hindi": _culture(
        "आदित्य=aditya प्रिया=priya कृष्ण=krishna सुनीता=sunita अर्जुन=arjun लक्ष्मी=lakshmi",
        "शर्मा=sharma त्रिपाठी=tripathi वर्मा=verma मिश्रा=mishra चौधरी=chaudhary",
    ),
    "thai": _culture(
        "สมชาย=somchai กัญญา=kanya ประเสริฐ=prasert วรรณา=wanna ณัฐพล=nattapon",
        "ศรีสุข=srisuk วงศ์ทอง=wongthong แก้วมณี=kaewmanee จันทร์เพ็ญ=chanpen",
    ),
}
