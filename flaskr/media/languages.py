"""Which language a text is in, and what that language is called."""

from functools import cache

LEAST = 20  # letters below which nobody can tell
LONGEST = 4000  # signs that are looked at
SURE = 0.5  # probability below which nothing is said
NAMES = dict(line.split(" ", 1) for line in """
af Afrikaans,am Amharic,an Aragonese,ar Arabic,as Assamese,az Azerbaijani,be Belarusian,bg Bulgarian,bn Bengali,
br Breton,bs Bosnian,ca Catalan,cs Czech,cy Welsh,da Danish,de German,dz Dzongkha,el Greek,en English,eo Esperanto,
es Spanish,et Estonian,eu Basque,fa Persian,fi Finnish,fo Faroese,fr French,fy Frisian,ga Irish,gl Galician,
gu Gujarati,he Hebrew,hi Hindi,hr Croatian,ht Haitian Creole,hu Hungarian,hy Armenian,id Indonesian,is Icelandic,
it Italian,ja Japanese,jv Javanese,ka Georgian,kk Kazakh,km Khmer,kn Kannada,ko Korean,ku Kurdish,ky Kyrgyz,la Latin,
lb Luxembourgish,lo Lao,lt Lithuanian,lv Latvian,mg Malagasy,mk Macedonian,ml Malayalam,mn Mongolian,mr Marathi,
ms Malay,mt Maltese,ne Nepali,nl Dutch,nn Norwegian Nynorsk,no Norwegian,oc Occitan,or Odia,pa Punjabi,pl Polish,
ps Pashto,pt Portuguese,qu Quechua,ro Romanian,ru Russian,rw Kinyarwanda,se Northern Sami,si Sinhala,sk Slovak,
sl Slovene,sq Albanian,sr Serbian,sv Swedish,sw Swahili,ta Tamil,te Telugu,th Thai,tl Tagalog,tr Turkish,ug Uyghur,
uk Ukrainian,ur Urdu,vi Vietnamese,vo Volapük,wa Walloon,xh Xhosa,zh Chinese,zu Zulu
""".replace("\n", "").split(","))


def language(text: str) -> tuple[str, float]:
    """(ISO 639-1 code, probability); ("", 0.0) for what is too short or too unlike any language known here."""
    part = text[:LONGEST]
    if sum(map(str.isalpha, part)) < LEAST:
        return "", 0.0
    code, sure = _identifier().classify(part)
    return (code, float(sure)) if sure >= SURE else ("", float(sure))


def name(code: str) -> str:
    """"German" for "de"; an unknown code as it is."""
    return NAMES.get(code, code)


@cache
def _identifier():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # 2 s and 100 MB, in workers alone
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in NAMES if code in identifier.labels])
    return identifier
