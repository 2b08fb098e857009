"""The words of languages without a module of their own, in one record.

They are French, Spanish, Italian, Portuguese, Dutch, Scandinavian and Balkan languages, Turkish, Hindi, Chinese,
Japanese and some more. To add a module for one of them, move its words there.
"""

from __future__ import annotations

from index.text.languages.language_record import (
    CalendarName,
    Language,
    NameWords,
    PageWords,
    QuestionWords,
)

_MONTHS = (
    "janvier janv enero ene gennaio janeiro januari ocak ledna januára ianuarie януари студзеня ιανουαρίου tammikuuta",
    "février févr febrero febbraio fevereiro fev februari şubat února februára februarie февруари лютага "
    "φεβρουαρίου helmikuuta",
    "mars marzo março maart mart maret března martie март сакавіка μαρτίου maaliskuuta marts",
    "avril avr abril abr aprile nisan dubna apríla aprilie април красавіка απριλίου huhtikuuta",
    "mayo maggio maio mei maj mayıs května mája май μαΐου toukokuuta",
    "juin junio giugno junho haziran června júna iunie юни чэрвеня ιουνίου kesäkuuta",
    "juillet juil julio luglio julho temmuz července júla iulie юли ліпеня ιουλίου heinäkuuta",
    "août agosto ago augustus augusti ağustos agustus srpna augusta август жніўня αυγούστου elokuuta",
    "septembre septiembre settembre setembro eylül září septembra septembrie септември верасня σεπτεμβρίου syyskuuta",
    "octobre octubre ottobre outubro ekim října októbra octombrie октомври кастрычніка οκτωβρίου lokakuuta",
    "novembre noviembre novembro kasım listopadu novembra noiembrie ноември лістапада νοεμβρίου marraskuuta",
    "décembre déc diciembre dic dicembre dezembro desember aralık prosince decembra decembrie декември снежня "
    "δεκεμβρίου joulukuuta",
)

OTHER_LANGUAGES = Language(
    code="",
    months=tuple(map(CalendarName.of, _MONTHS)),
    names=NameWords(links="de del della di da do dos du des la le van von der den bin ibn y"),
    pages=PageWords(
        lines="""
        toute l'actualité|publicité|lire aussi|à lire aussi|lire la suite|partager|commentaires|mots-clés|imprimer
        s'abonner|todas las noticias|publicidad|lee también|lea también|leer más|compartir|comentarios|etiquetas
        imprimir|suscríbete|leggi anche|pubblicità|condividi|commenti|leggi tutto|publicidade|leia também|leia mais
        compartilhar
        """,
        labels=r"(?:à \s )? lire \s aussi | le[ea] \s también | leggi \s anche | leia \s também",
        tag_headings="mots-clés|etiquetas",
        releases="communiqué(?: de presse)?|comunicado de prensa|nota de prensa|comunicato stampa",
        date_words="à le el il op om às de den feira",
        date_stems=(
            r"publi[ék]|pubbl|gepubl|yayın|fecha|mise?\sà\sjour|actuali|atuali|aggiorn|bijgew|gewijz"
            r"|uppdat|opdat|oppdat|güncel|diperb"
        ),
        weekday_stems=(
            "lundi|mardi|mercr|jeud|vendr|samed|dimanch|lunes|martes|mi[ée]rc|juev|viern|s[áa]bad|doming|lunedì|martedì"
            "|mercol|giov|vener|sabat|domen|segunda|terça|quarta|quinta|sexta|maandag|dinsdag|woensdag|donderdag|vrijdag"
            "|zaterdag|zondag|pazar|salı|çarş|perş|cuma|måndag|tisdag|onsdag"
            "|torsdag|fredag|lördag|söndag"
        ),
        updated=(
            r"mis\sà\sjour|mise\sà\sjour|actualiz|atualiz|aggiorn|modific|bijgewerkt|gewijzigd"
            r"|uppdaterad|opdateret|oppdatert|güncel|diperbarui"
        ),
        other_dates="né(?:e)?|nacid[oa]|mort[eo]?",
        label_links="le el",
        date_labels="data|fecha",
        publication_labels="hora|publicaci[óo]n|pubblicazione",
    ),
    questions=QuestionWords(
        small_talk={
            "greeting": """
            здраво|hola|buenos dias|buenas tardes|buenas noches|bonjour|bonsoir|salut|coucou|ciao|buongiorno|buonasera
            ola|bom dia|boa tarde|boa noite|hej|hei|moi|ahoj|merhaba|selam|salam|salaam|shalom|namaste
            namaskar|नमस्ते|你好|您好|嗨|こんにちは|おはよう|こんばんは|안녕|안녕하세요|مرحبا|السلام عليكم|سلام|שלום|γεια
            """,
            "thanks": """
            gracias|muchas gracias|merci|merci beaucoup|grazie|grazie mille|obrigado|obrigada|tack|takk|kiitos
            tesekkurler|谢谢|ありがとう|ありがとうございます|감사합니다|شكرا|תודה
            """,
            "goodbye": "adios|hasta luego|au revoir|a bientot|arrivederci|tchau|再见|さようなら",
            "who": "quien eres|qui es tu|chi sei",
            "how": "que tal|como estas|ca va|comment ca va|come stai|tudo bem",
        },
    ),
)
