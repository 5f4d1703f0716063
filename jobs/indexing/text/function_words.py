"""The small words that every text of a language is full of, by its code (ISO 639-1).

They make up a third of a text in most languages, whatever it is about, which is why a few dozen tell more
than a dictionary. Chosen so that relatives differ: Danish "af" and Norwegian "av", Czech "který" and Slovak
"ktorý".
"""

from collections.abc import Mapping
from typing import Final

FUNCTION_WORDS: Final[Mapping[str, str]] = {
    "af": "die het en van in is dat nie te vir met op sy hy wat om ek jy hulle was word kan deur ook as"
    " maar hierdie daar een uit aan ons moet sal gebruik of",
    "az": "və bu bir üçün ilə də da olan ki onun bütün hər daha ya isə çox kimi sonra ən sizin deyil"
    " olaraq edir edilir olar əgər lakin həm qədər",
    "be": "і у не на што з як да па але гэта для ад або калі гэты яго за пры яны мы вы быць ён ёсць можа"
    " былі таксама якія які каб толькі ўжо гэтай",
    "bg": "и на в не за да се от е с по са като че това ще или до при те му би може със този тази тези"
    " които който която ако без само след още беше във ги който между",
    "ca": "de la que i el en a els les per un una amb no és del al es com més o aquest aquesta però si ho"
    " us són pel ser ha seu seva dels sense també pot això hi quan aquests podeu s'ha haver",
    "cs": "a v se na je že to s z do o i pro ve by jsou jako za ale po který která které nebo si jak tak"
    " k od při bude jeho být byl bylo tento této tohoto pokud není až pouze aby však však můžete"
    " také může ze",
    "cy": "y yn a i o ar mae ac yr ei am gan wedi bod eich hyn oedd nid neu fod gyda fel chi hwn ond sydd"
    " pan yw oes dim wrth hon bydd cael drwy os na rhaid",
    "da": "og i at det en er til på af for den der ikke med de som et har du om vil eller kan denne fra"
    " dette også men hvis skal var være blev efter nogle hvor hun han jeg mig når ud op mellem"
    " bliver sig kun ved dit din hvilke bruges mere meget ingen andre flere hvad selv blevet ønsker"
    " vælg bruge skal kunne",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an"
    " werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum"
    " kann oder wenn wir ich diese dieser durch nur wurde zur vor bis",
    "en": "the of and to a in is that it was for on are as with his they at be this from have or by one"
    " had not but what all were when we there can an your which their if will each about how up out"
    " them then she many some so these would other into has more its you i who may any no than been"
    " should only",
    "eo": "la de kaj en estas al ke por ne kun el ĝi li oni sed kiel pri tiu ĉi vi mi ni pli se povas kiu"
    " aŭ sur per ili estis ĉiuj tio da sen tiuj",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le"
    " ya este si porque esta son entre está cuando muy sin sobre ser también hasta hay donde quien"
    " desde todo nos puede fue todos uno ni contra otros ese esto han usted debe",
    "et": "ja on ei et see kui ta oma ka mis või aga siis nii selle ning kes seda ma mida oli sest kuid"
    " pole te kõik veel saab tema meie olid üks nagu oma ainult pärast",
    "eu": "eta da ez du bat dira hau izan ere edo ditu dela egin baina zuen bere horren duen gabe behar"
    " den beste hori dago duten baino bezala honek zen nahi lehenago dute bada baten hemen zure oso"
    " hauek ahal ondoren",
    "fi": "ja on ei se että oli joka mutta hän ovat kun niin myös tai sen kuin ole jos voi mukaan sekä"
    " vain jo tämän hänen jotka tämä ne voit olla ettei jonka joita nämä minä sinä mitä koska"
    " käytetään näin sitä tässä ollut",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont"
    " ou avec son aux d l cette ces mais comme si leur y être nous vous ont fait même elle sans"
    " peut où tout ses on je été votre deux doit lors avez",
    "ga": "an agus na i ar is a le do go tá sé bhí ag níl nó seo sin siad gach mar as ó féin chun cén"
    " raibh leis faoi aon ach má bheith",
    "gl": "de a o que e do da en os un unha para non as por con se no é dos como ao na máis ou pero das"
    " este esta ser súa foi son polo pola está ten seu cando ó sobre isto nos pode teu desexa tamén"
    " sen hai unhas aos",
    "hr": "i u je da se na za su od a s koji kao što to ne o ili iz bi ako nije do koja koje biti može će"
    " samo po ali kako vi bio sve ovaj ova ovo nakon prije između uvjet gdje također hoće tijekom"
    " vrijeme",
    "hu": "a az és hogy nem is egy ez van de csak meg ha el mint már vagy azt ezt még ki volt kell amely"
    " lehet fel ezek minden után lesz által ami több kívánja valamint ezért s sem be vannak olyan"
    " szerint között legyen",
    "id": "yang dan di untuk dengan dari ini pada tidak akan itu adalah dalam atau ke anda oleh dapat"
    " sebagai juga telah bisa ada tersebut jika mereka kami saya lebih karena harus bila hanya"
    " seperti secara bagi tanpa",
    "is": "og að í er á sem það til við um en af með fyrir ekki var hann eru frá því þegar eða þú hafa"
    " verið þessi svo þetta hún þeir ég ef má vera",
    "it": "di e il la che in a per un è del non una i le con si da della sono al come dei più o ma nel"
    " gli alla se lo su anche questo questa ha delle essere dal ne cui nella degli ai hanno dalla"
    " viene tra può quando ci stato ad sia sulla così sul dell questi",
    "kk": "және мен үшін бұл болады бар немесе егер бір осы деп қазір туралы керек ғана үшін пен бен"
    " болып өз жоқ сіз ол қандай басқа",
    "lt": "ir į kad yra iš su o tai bet kaip jei ar nuo tik jo buvo apie už dėl gali arba po per šis šio"
    " bus prie būti savo jūsų pagal ši kuris tačiau jų reikia jau kurie tarp nėra taip",
    "lv": "un ir no ar uz par ka to kas lai vai tas kā bet šo pie tiek tika jūs nav var tiks jūsu ja tad"
    " viņš pēc būt bija līdz savu arī šis ko kad visi šī",
    "mk": "и на во да се од за е со не ги што како ќе дека по го ја или ако тоа овој оваа може сте но кои"
    " која кој беше само ова до при вашиот треба бидат сите",
    "nl": "de van het een en in is dat op te zijn met voor die niet aan er om als dan ook maar bij door"
    " naar uit over of worden deze wordt kan wel nog geen moet je dit werd hij hebben heeft al wat"
    " tot u uw zal zo ze alleen wanneer omdat welke meer",
    "no": "og i det er på til som en av for at med ikke den har de et om var jeg men vil eller kan fra"
    " dette også seg etter så ved hvis du skal være ble noen hvor når ut opp mellom blir bare denne"
    " dersom å mer ditt din hva hvilke brukes bruke mye ingen andre flere selv blitt ønsker velg"
    " kunne",
    "pl": "w i na z się nie do to że jest o jak za od co po dla przez który która które oraz lub jego tak"
    " ale być są czy przy może a tym jako jeśli tego ten tylko ma ze także zostać został można"
    " będzie tej bez gdy aby",
    "pt": "de a que o e do da em um para é com não uma os no se na por mais as dos como mas foi ao das à"
    " seu sua ou ser quando nos já está também só pelo pela até isso ela entre era depois sem mesmo"
    " aos ter seus quem nas você pode são deve este esta isto ele você essa esse deseja",
    "ro": "de și în a la cu pe nu să din este care un o că mai se pentru sunt sau ca al au fi dar ce ale"
    " dacă prin după iar acest această unui unei fost poate între când doar lui lor ai am aceasta"
    " acestei cele va vor fiind",
    "ru": "и в не на что с по как это он для из к за то от все но она так его же или был бы быть если при"
    " они у мы вы до о ее этот уже может которые который были только также будет чтобы нет этого"
    " вас когда без",
    "sk": "a v sa na je že to s z do o i pre vo by sú ako za ale po ktorý ktorá ktoré alebo si tak k od"
    " pri bude jeho byť bol bolo tento tejto tohto ak nie až iba aby však môžete aj môže zo používa"
    " keď toto",
    "sl": "in je v na se da za so ne z s ki kot pa po tudi bi ali o od pri še ko iz bo če to kar bil biti"
    " lahko samo ta tega med zelo kako ste do ni vse želite morate nato ima sta lahko",
    "sq": "në e të dhe i për me që është një nga nuk do si u se më kjo ky ose duhet mund janë por ka prej"
    " këtë kur po edhe tuaj nëse pa as",
    "sr": "и у је да се на за су од а са који као што то не о или из би ако није до која које бити може"
    " ће само по али како ви био све овај ова ово након пре између где",
    "sv": "och i att det som en på är av för med den till inte om har de ett var jag men eller kan från"
    " detta även sig efter så vid du ska vara blev några där när ut upp mellan blir bara denna han"
    " hon skall vill mycket finns måste ditt din dig",
    "sw": "ya na wa kwa ni katika la za kuwa hii hiyo huo kama kutoka au si yake watu hivyo lakini pia"
    " hilo baada cha vya ambayo ambao kila",
    "tl": "ang ng sa na mga ay at ito para hindi kung ni o may ka mo ko siya niya nang ang isang dapat"
    " maaari lang kayo inyong wala ba",
    "tr": "ve bir bu için ile de da olarak olan daha gibi çok en sonra kadar ise ya veya her ne değil var"
    " o ancak olduğu tarafından eğer bunu hem mi böyle şekilde mı bazı nasıl lütfen sadece olup"
    " diğer önce üzerinde bütün gerekir",
    "uk": "і в не на що з як та до за це він у від але для або по так його вона був якщо є при бути вони"
    " ми ви цей вже може також чи які який щоб лише цього ця ці було буде під",
    "vi": "và của là có trong cho không được một các này với những để từ khi đã đó như người về ra thì"
    " cũng nếu vào bạn sẽ phải hoặc trên bởi nhưng nên hay mà",
}

# Scripts of more than one language.
ARABIC_WORDS: Final[Mapping[str, str]] = {
    "ar": "في من على إلى أن هذا هذه التي الذي عن مع لا ما كان كل لم بعد قبل أو إذا قد هو هي بين ذلك يتم"
    " يمكن ثم غير عند",
    "fa": "در از به که این را با است برای آن یک خود تا کرد بر هم نیز شده می شود اگر یا شما باید ها هر کند"
    " نمی",
    "ur": "میں کے کی ہے سے کا اور کو پر نہیں یہ نے ہیں اس وہ بھی جو کر ہو لیے تو ایک",
    "ps": "په د او چې له سره کې دی ده نه دا دې به هغه لپاره شي یا ته",
    "ug": "ۋە بۇ بىر بىلەن ئۈچۈن ئۇ بولسا ياكى ھەم دەپ كېرەك",
}
DEVANAGARI_WORDS: Final[Mapping[str, str]] = {
    "hi": "के में की है और से का को पर यह नहीं हैं कि ने इस भी एक जो कर तो हो लिए या गया कोई था अपने",
    "mr": "आणि आहे या हे मध्ये ते च्या नाही की तर आपण साठी एक हा आहेत व असे त्या किंवा केले हो",
    "ne": "छ र को मा यो लागि हो गर्न छन् तपाईं भने यस पनि गर्नुहोस् एक वा हुन्छ गर्ने तपाईंको तर",
}
# Languages alone in their script. It tells them; their words tell whether a file was decoded rightly.
LONELY_WORDS: Final[Mapping[str, str]] = {
    "el": "και το της να η του την από με για στο είναι οι τα που τον των σε δεν θα στην ο αυτό ένα μια"
    " ή αν ως",
    "he": "של את על לא עם זה או גם כי אם כל הוא היא אני אל מן יש אין אבל רק היה בין לפני אחרי",
}

# The letters of each language beyond those of English, and what no other writes.
LETTERS: Final[Mapping[str, str]] = {
    "af": "ê ë ô",
    "az": "ə ğ ş ı ç ö ü",
    "be": "ў і ы э ё",
    "bg": "ъ щ",
    "ca": "ç ï à è ò é í ó ú",
    "cs": "ř ě ů ý ď ť á é í ó ú č š ž ň",
    "cy": "ŵ ŷ â ê ô",
    "da": "æ ø å",
    "de": "ß ü ö ä",
    "eo": "ĉ ĝ ĥ ĵ ŝ ŭ",
    "es": "ñ ¿ ¡ á é í ó ú",
    "et": "õ ä ü ö š",
    "fi": "ä ö",
    "fr": "ç œ è ê à é û î ô",
    "ga": "á é í ó ú",
    "gl": "ñ á é í ó ú",
    "hr": "đ ć č š ž",
    "hu": "ő ű á é í ó ö ü ú",
    "is": "ð þ æ á é í ó ö ú ý",
    "it": "à è ù ò é ì",
    "kk": "ә ғ қ ң ө ұ ү һ і ы",
    "lt": "ė ų į ū š č ž ą ę",
    "lv": "ķ ļ ņ ģ ā ī ū ē č š ž",
    "mk": "ѓ ќ ѕ ј љ њ џ",
    "nl": "ë ï é",
    "no": "æ ø å",
    "pl": "ł ą ę ż ź ś ć ń ó",
    "pt": "ã õ ç ê á é í ó ú â à",
    "ro": "ț ș ţ ş ă â î",
    "ru": "ы э щ ъ ё",
    "sk": "ľ ĺ ŕ ô ý ť ď ň á é í ó ú č š ž ä",
    "sl": "č š ž",
    "sq": "ë ç",
    "sr": "ђ ћ џ ј љ њ",
    "sv": "å ä ö",
    "tr": "ğ ş ı ç ö ü â",
    "uk": "ї є ґ і щ",
    "vi": "đ ơ ư ạ ả ế ộ ể ị ợ ủ ấ ầ á à ã ó ì í ô ê ệ ố",
}
