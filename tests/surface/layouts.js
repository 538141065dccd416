/**
 * What keyboards type with each key, plain and with Shift, in the order of `CODES`: X.Org's and Windows' layouts.
 * A space stands for a dead key.
 */
export const CODES = [
  ..."1234567890".split("").map((digit) => `Digit${digit}`), "Minus", "Equal",
  ..."QWERTYUIOP".split("").map((letter) => `Key${letter}`), "BracketLeft", "BracketRight",
  ..."ASDFGHJKL".split("").map((letter) => `Key${letter}`), "Semicolon", "Quote", "Backslash",
  ..."ZXCVBNM".split("").map((letter) => `Key${letter}`), "Comma", "Period", "Slash",
];

/** Of keyboards for Latin letters. @type {Record<string, [plain: string, shifted: string]>} */
export const LATIN = {
  us: ["1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./", "!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>?"],
  german: ["1234567890ß qwertzuiopü+asdfghjklöä#yxcvbnm,.-", "!\"§$%&/()=? QWERTZUIOPÜ*ASDFGHJKLÖÄ'YXCVBNM;:_"],
  french: ["&é\"'(-è_çà)=azertyuiop $qsdfghjklmù*wxcvbn,;:!", "1234567890°+AZERTYUIOP £QSDFGHJKLM%µWXCVBN?./§"],
  spanish: ["1234567890'¡qwertyuiop +asdfghjklñ çzxcvbnm,.-", "!\"·$%&/()=?¿QWERTYUIOP *ASDFGHJKLÑ ÇZXCVBNM;:_"],
  italian: ["1234567890'ìqwertyuiopè+asdfghjklòàùzxcvbnm,.-", "!\"£$%&/()=?^QWERTYUIOPé*ASDFGHJKLç°§ZXCVBNM;:_"],
  turkish: ["1234567890*-qwertyuıopğüasdfghjklşi,zxcvbnmöç.", "!' +%&/()=?_QWERTYUIOPĞÜASDFGHJKLŞİ;ZXCVBNMÖÇ:"],
  dvorak: ["1234567890[]',.pyfgcrl/=aoeuidhtns-\\;qjkxbmwvz", "!@#$%^&*(){}\"<>PYFGCRL?+AOEUIDHTNS_|:QJKXBMWVZ"],
  colemak: ["1234567890-=qwfpgjluy;[]arstdhneio'\\zxcvbkm,./", "!@#$%^&*()_+QWFPGJLUY:{}ARSTDHNEIO\"|ZXCVBKM<>?"],
  bepo: ["\"«»()@+-/*=%bépoè vdljzwauie,ctsrnmçàyx.k'qghf", "1234567890°`BÉPOÈ!VDLJZWAUIE;CTSRNMÇÀYX:K?QGHF"],
};

/** Of other scripts. @type {Record<string, [plain: string, shifted: string]>} */
export const OTHERS = {
  russian: ["1234567890-=йцукенгшщзхъфывапролджэ\\ячсмитьбю.", "!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭ/ЯЧСМИТЬБЮ,"],
  ukrainian: ["1234567890-=йцукенгшщзхїфівапролджє\\ячсмитьбю.", "!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄ/ЯЧСМИТЬБЮ,"],
  greek: ["1234567890-=;ςερτυθιοπ[]ασδφγηξκλ '\\ζχψωβνμ,./", "!@#$%^&*()_+:΅ΕΡΤΥΘΙΟΠ{}ΑΣΔΦΓΗΞΚΛ \"|ΖΧΨΩΒΝΜ<>?"],
  hebrew: ["1234567890-=/'קראטוןםפ][שדגכעיחלךף,\\זסבהנמצתץ.", "!@#$%^&*)(_+QWERTYUIOP}{ASDFGHJKL:\"|ZXCVBNM><?"],
  arabic: ["١٢٣٤٥٦٧٨٩٠-=ضصثقفغعهخحجدشسيبلاتنمكط\\ئءؤرﻻىةوزظ", "!@#$%^&*)(_+ًٌَُﻹإ`÷×؛<>ٍِ][ﻷأـ،/:\"|~ْ}{ﻵآ'،.؟"],
  persian: ["۱۲۳۴۵۶۷۸۹۰-=ضصثقفغعهخحجچشسیبلاتنمکگ\\ظطزرذدپو./", "!٬٫﷼٪×،*)(ـ+ًٌٍَُِّْ][}{ؤئيإأآة»«:؛|كٓژٰ\u200cء ><؟"],
  armenian: ["1234567890-=քոեռտըւիօպխծասդֆգհյկլ;՛շզղցվբնմ,․/", "!@#$%^&*()_+ՔՈԵՌՏԸՒԻՕՊԽԾԱՍԴՖԳՀՅԿԼ։\"ՇԶՂՑՎԲՆՄ<>՞"],
  georgian: ["1234567890-=ქწერტყუიოპ[]ასდფგჰჯკლ;'\\ზხცვბნმ,./", "!@#$%^&*()_+ქჭეღთყუიოპ{}აშდფგჰჟკ₾:\"|ძხჩვბნმ<>?"],
};
