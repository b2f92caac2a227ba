"""Courses that are broken in more than two hundred ways; run as a module, it reads and checks them all.

It prints one line of JSON: for each course its name with the number of errors, or what was raised, and the largest
memory the process held.
"""

import json
import random
import resource
import sys
from collections.abc import Iterator
from datetime import date

from academy.document import check, codec, limits, lines
from academy.document.problems import errors
from tests.document.samples import ASK, READ, changed, every_kind

Files = dict[str, bytes]

_TODAY = date(2026, 11, 21)
_LUCK = random.Random(20261121)  # noqa: S311  reproducible, not secret

_BOMB = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

_COURSE_CHANGES = {
    "bomb": ("key: every-kind", "a: &a [x, x, x]\n" + _BOMB + "key: every-kind"),
    "anchor": ("owner: ", "owner: &owner "),
    "tag": ("owner: ", "owner: !!python/object/apply:os.system "),
    "own-tag": ("owner: ", "owner: !secret "),
    "merge": ("owner: ", "<<: *course\nowner: "),
    "deep-flow": ("number: 0-1", "number: " + "[" * 20_000),
    "deep-map": ("number: 0-1", "number: " + "{a: " * 20_000),
    "deep-block": ("number: 0-1", "number:\n" + "\n".join(" " * n + "- a:" for n in range(1, 300))),
    "two-documents": ("owner: ", "---\nowner: "),
    "tab": ("owner: ", "\towner: "),
    "quote": ("owner: ", "owner: 'x "),
    "list": ("format_version: 1", "- format_version"),
    "twice": ("owner: ", "key: every-kind\nowner: "),
    "unknown": ("owner: ", "colour: red\nowner: "),
    "nul-escape": ("owner: ", 'summary2: "\\0"\nowner: '),
    "control-escape": ("title: 모든 블록을 한 번씩", 'title: "a\\x07b"'),
    "surrogate-escape": ("title: 모든 블록을 한 번씩", 'title: "a\\ud800b"'),
    "two-lines": ("title: 모든 블록을 한 번씩", "title: |\n  하나\n  둘"),
    "long": ("title: 모든 블록을 한 번씩", "title: " + "가" * 501),
    "empty-title": ("title: 모든 블록을 한 번씩", "title: ''"),
    "no-title": ("title: 모든 블록을 한 번씩\n", ""),
    "title-list": ("title: 모든 블록을 한 번씩", "title: [하나, 둘]"),
    "title-map": ("title: 모든 블록을 한 번씩", "title: {하나: 둘}"),
    "outcomes-text": ("outcomes:\n", "outcomes: 하나\nnotes:\n"),
    "outcomes-many": ("outcomes:\n", "outcomes:\n" + "  - 하나\n" * 51),
    "version-2": ("format_version: 1", "format_version: 2"),
    "version-0": ("format_version: 1", "format_version: 0"),
    "version-minus": ("format_version: 1", "format_version: -1"),
    "version-nan": ("format_version: 1", "format_version: .nan"),
    "version-huge": ("format_version: 1", "format_version: " + "9" * 5_000),
    "version-true": ("format_version: 1", "format_version: true"),
    "version-none": ("format_version: 1\n", ""),
    "hours-nan": ("hours: 0.5", "hours: NaN"),
    "hours-snan": ("hours: 0.5", "hours: sNaN"),
    "hours-infinite": ("hours: 0.5", "hours: Infinity"),
    "hours-yaml-infinite": ("hours: 0.5", "hours: .inf"),
    "hours-minus": ("hours: 0.5", "hours: -0.5"),
    "hours-exponent": ("hours: 0.5", "hours: 1e999999999"),
    "hours-tiny": ("hours: 0.5", "hours: 1e-999999999"),
    "hours-digits": ("hours: 0.5", "hours: " + "1" * 100_000),
    "hours-word": ("hours: 0.5", "hours: 조금"),
    "track": ("track: digital", "track: cooking"),
    "level": ("hours: 0.5", "level: 99999999999999999999\nhours: 0.5"),
    "key-path": ("key: every-kind", "key: ../every-kind"),
    "key-capital": ("key: every-kind", "key: Every-Kind"),
    "key-long": ("key: every-kind", "key: " + "a" * 61),
    "audience": ("owner: ", "audience: everybody\nowner: "),
    "prerequisite": ("owner: ", "prerequisites: [Every Kind]\nowner: "),
    "prerequisite-unknown": ("owner: ", "prerequisites: [nowhere]\nowner: "),
    "prerequisite-self": ("owner: ", "prerequisites: [every-kind]\nowner: "),
}

_LESSON_CHANGES = {
    "minutes-minus": ("minutes: 6", "minutes: -6"),
    "minutes-zero": ("minutes: 6", "minutes: 0"),
    "minutes-long": ("minutes: 6", "minutes: 11"),
    "minutes-huge": ("minutes: 6", "minutes: " + "6" * 5_000),
    "minutes-nan": ("minutes: 6", "minutes: nan"),
    "minutes-none": ("minutes: 6\n", ""),
    "reviewed": ("reviewed: 2026-11-21", "reviewed: 2026-13-45"),
    "reviewed-word": ("reviewed: 2026-11-21", "reviewed: 어제"),
    "reviewed-number": ("reviewed: 2026-11-21", "reviewed: 1700000000"),
    "reviewed-none": ("reviewed: 2026-11-21\n", ""),
    "review-every": ("review_every: 6 months", "review_every: 때때로"),
    "review-every-0": ("review_every: 6 months", "review_every: 0 months"),
    "fact-form": ("- P-01", "- P01"),
    "fact-unknown": ("- P-01", "- P-99"),
    "fact-unverified": ("- P-01", "- P-02"),
    "notice": ("notice: fraud", "notice: war"),
    "score": ("notice: fraud", "notice: fraud\nmin_score: 900"),
    "score-nothing": ("notice: fraud", "notice: fraud\nmin_score: 50"),
    "required": ("notice: fraud", "notice: fraud\nrequired: maybe"),
    "sources-none": ("sources:\n  - 이음 배움터, 과정 형식 설명, 2026\n", ""),
    "key-other": ("key: read-and-look", "key: look-and-read"),
    "key-none": ("key: read-and-look\n", ""),
    "no-front-matter": ("---\nkey: read-and-look", "key: read-and-look"),
    "front-matter-open": ("다시 읽어 보세요.\n---\n", "다시 읽어 보세요.\n"),
    "alternative-none": (":::{alternative}", ":::{note}"),
    "alternative-twice": (":::{note}", ":::{alternative}"),
    "easy-first": (":::{alternative}", ":::{easy}"),
    "directive": (":::{tip}", ":::{hint}"),
    "directive-form": (":::{tip}", ":::tip"),
    "directive-case": (":::{tip}", ":::{TIP}"),
    "option": (":key: daon-story", ":colour: red"),
    "option-twice": (":key: daon-story", ":key: daon-story\n:key: daon-story"),
    "block-key": (":key: daon-story", ":key: Daon Story"),
    "key-twice": (":key: daon-story", ":key: phone"),
    "label": ("(after-easy)=", "(After Easy)="),
    "code-open": ("```\n## 이 줄", "~~~\n## 이 줄"),
    "inside": (":::{note}", "::::{note}\n:::{tip}\n:::"),
    "alt": (":alt: 전화기 화면에", ":title: 전화기 화면에"),
    "row": ("| 해킹 걱정 | 118 | 늘 |", "| 해킹 걱정 | 118 |"),
    "rule": ("|:---|---:|:---:|", "|:--x|---:|:---:|"),
    "table-text": ("| 해킹 걱정 | 118 | 늘 |", "해킹 걱정"),
    "column": ("### 조심할 말", "#### 조심할 말"),
    "steps": ("3. 끊고", "세 번째, 끊고"),
    "src-up": ("media/phone.svg", "../phone.svg"),
    "src-up-inside": ("media/phone.svg", "media/../../etc/passwd"),
    "src-absolute": ("media/phone.svg", "/etc/passwd"),
    "src-backslash": ("media/phone.svg", "media\\phone.svg"),
    "src-address": ("media/phone.svg", "https://example.org/phone.svg"),
    "src-data": ("media/phone.svg", "data:image/svg+xml,<svg/>"),
    "src-missing": ("media/phone.svg", "media/telephone.svg"),
    "src-kind": ("media/phone.svg", "media/call.mp3"),
    "link-lesson": ("(every-question)", "(no-question)"),
    "link-block": ("(#desks)", "(#chairs)"),
}

_QUESTION_CHANGES = {
    "choice-none": ("- [x] 두 장 {#two}", "- [ ] 두 장 {#two}"),
    "choice-two": ("- [ ] 한 장 {#one}", "- [x] 한 장 {#one}"),
    "choice-same": ("- [x] 두 장 {#two}", "- [x] 한 장 {#two}"),
    "choice-key": ("- [x] 두 장 {#two}", "- [x] 두 장 {#one}"),
    "choice-key-form": ("- [x] 두 장 {#two}", "- [x] 두 장 {#Two!}"),
    "choice-text": ("- [x] 두 장 {#two}", "- [x] {#two}"),
    "question-key": (":::{choices} q-must", ":::{choices} 질문"),
    "question-key-none": (":::{choices} q-must", ":::{choices}"),
    "question-key-twice": (":::{choices} q-must", ":::{choices} q-copies"),
    "points": (":points: 2", ":points: -2"),
    "points-huge": (":points: 2", ":points: " + "2" * 5_000),
    "counted": (":points: 2", ":counted: sometimes"),
    "truefalse-three": ("- [x] 맞아요\n", "- [x] 맞아요\n- [ ] 글쎄요\n"),
    "truefalse-none": ("- [x] 맞아요\n", "- [ ] 맞아요\n"),
    "short-none": (
        "- [x] 근로계약서\n- [x] 표준근로계약서\n  > 맞아요. 줄여서 계약서라고도 해요.\n",
        "",
    ),
    "number-word": ("- [x] 82560", "- [x] 많이"),
    "number-nan": ("- [x] 82560", "- [x] NaN"),
    "number-infinite": ("- [x] 82560", "- [x] -Infinity"),
    "number-huge": ("- [x] 82560", "- [x] 1e99999999"),
    "number-digits": ("- [x] 82560", "- [x] " + "8" * 100_000),
    "number-two": ("- [ ] 10320", "- [x] 10320"),
    "number-near": ("- [ ] 10320", "- [ ] 82555"),
    "tolerance": (":tolerance: 10", ":tolerance: -10"),
    "tolerance-nan": (":tolerance: 10", ":tolerance: nan"),
    "order-one": ("2. 다른 기기 로그아웃하기\n3. 118에 알리기\n", ""),
    "order-text": ("2. 다른 기기 로그아웃하기", "다른 기기 로그아웃하기"),
    "match-three": ("| 하고 싶은 일 | 갈 곳 |\n|---|---|", "| 일 | 곳 | 때 |\n|---|---|---|"),
    "match-none": ("| 임금을 못 받았어요 | 고용노동부 1350 |\n| 해킹이 걱정돼요 | 118 |\n", ""),
    "sort-same": ("  - 신분증 사진", "  - 공휴일 안내"),
    "blanks-none": ("[[두 장]]을 써서 [[나도|저도]]", "두 장을 써서 나도"),
    "blanks-empty": ("[[두 장]]", "[[ ]]"),
    "bank": (":bank: 세 장, 회사만", ":bank: 세 장, , 회사만"),
    "bank-right": (":bank: 세 장, 회사만", ":bank: 두 장, 회사만"),
    "start": (":start: ring", ":start: rang"),
    "reply": ("(#who)", "(#whom)"),
    "reply-form": ("- [누구신지 먼저 물어본다](#who)", "- 누구신지 먼저 물어본다"),
    "unreachable": ("- [바로 끊는다](#hung-up)\n", ""),
    "node-open": ("### hung-up {end=fine}", "### hung-up"),
    "node-end": ("### hung-up {end=fine}", "### hung-up {end=well}"),
    "node-key": ("### hung-up {end=fine}", "### 끊음 {end=fine}"),
    "node-twice": ("### hung-up {end=fine}", "### app {end=fine}"),
    "prompt": ("요즘 내가 가장 아끼고 싶은 정보는 무엇인가요?\n", ""),
    "ticked": ("- [ ] 화면 잠금을 켰어요", "- [x] 화면 잠금을 켰어요"),
    "prompt-list": ("먼저 할 일부터 놓아 보세요.", "먼저 할 일부터 놓아 보세요.\n\n```\n1. 하나"),
    "feedback-early": ("- [ ] 고향\n", "\n> 하나\n\n- [ ] 고향\n"),
    "line": ("- [ ] 고향\n", "글\n\n- [ ] 고향\n"),
}

_MARKUP = {
    "script": "<script>alert(1)</script>",
    "script-inline": "글 <script src=//evil.example></script>",
    "script-case": "<ScRiPt>alert(1)</sCrIpT>",
    "img": "글 <img src=x onerror=alert(1)>",
    "iframe": '<iframe src="https://evil.example"></iframe>',
    "style": "<style>body{display:none}</style>",
    "comment": "<!-- 숨긴 글 -->",
    "cdata": "<![CDATA[x]]>",
    "svg": "<svg onload=alert(1)>",
    "bold": "글 <b>굵게</b>",
    "javascript": "[글](javascript:alert(1))",
    "javascript-case": "[글](JaVaScRiPt:alert(1))",
    "javascript-entity": "[글](&#106;avascript:alert(1))",
    "javascript-named": "[글](javascript&colon;alert(1))",
    "javascript-percent": "[글](javascript%3Aalert(1))",
    "javascript-tab": "[글](<java\tscript:alert(1)>)",
    "javascript-auto": "<javascript:alert(1)>",
    "javascript-reference": "[글][한]\n\n[한]: javascript:alert(1)",
    "vbscript": "[글](vbscript:msgbox)",
    "data": "[글](data:text/html;base64,PHNjcmlwdD4=)",
    "file": "[글](file:///etc/passwd)",
    "blob": "[글](blob:https://example.org/1)",
    "no-scheme": "[글](//evil.example)",
    "backslash": "[글](\\\\\\\\evil.example)",
    "password": "[글](https://bank.example@evil.example)",
    "http": "[글](http://example.org)",
    "relative": "[글](/admin)",
    "up": "[글](../../etc/passwd)",
    "picture": "![글](https://evil.example/pixel.png)",
    "picture-javascript": "![글](javascript:alert(1))",
    "mail": "<somebody@example.org>",
}  # fmt: skip

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"{}>{}</svg>'
)
_PICTURES = {
    "script": _SVG.format("", "<script>alert(1)</script>"),
    "script-prefix": _SVG.format(' xmlns:s="http://www.w3.org/2000/svg"', "<s:script/>"),
    "script-xhtml": _SVG.format(' xmlns:h="http://www.w3.org/1999/xhtml"', "<h:script/>"),
    "onload": _SVG.format(' onload="alert(1)"', ""),
    "on-case": _SVG.format("", '<rect ONCLICK="alert(1)"/>'),
    "foreign": _SVG.format("", "<foreignObject><p/></foreignObject>"),
    "link": _SVG.format("", '<a xlink:href="javascript:alert(1)"><rect/></a>'),
    "use": _SVG.format("", '<use href="https://evil.example/x.svg#a"/>'),
    "image": _SVG.format("", '<image xlink:href="https://evil.example/pixel.png"/>'),
    "image-svg": _SVG.format("", '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'),
    "animate": _SVG.format("", '<set attributeName="href" to="javascript:alert(1)"/>'),
    "fill": _SVG.format("", '<rect fill="url(https://evil.example/a#b)"/>'),
    "style": _SVG.format("", "<style>@import 'https://evil.example/a.css';</style>"),
    "style-url": _SVG.format("", "<style>rect{fill:url(//evil.example)}</style>"),
    "style-escape": _SVG.format("", "<style>rect{fill:u\\72l(//evil.example)}</style>"),
    "style-attribute": _SVG.format("", '<rect style="fill:url(//evil.example)"/>'),
    "base": _SVG.format(' xml:base="https://evil.example/"', ""),
    "doctype": '<!DOCTYPE svg SYSTEM "https://evil.example/a.dtd">' + _SVG.format("", ""),
    "entity": '<!DOCTYPE svg [<!ENTITY a "b">]>' + _SVG.format("", "<text>&a;</text>"),
    "laughs": '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 1_000
    + '"><!ENTITY c "'
    + "&b;" * 1_000
    + '">]>'
    + _SVG.format("", "<text>&c;</text>"),
    "stylesheet": '<?xml-stylesheet href="https://evil.example/a.css"?>' + _SVG.format("", ""),
    "deep": _SVG.format("", "<g>" * 50_000 + "</g>" * 50_000),
    "cut": _SVG.format("", "<g>")[:-6],
    "empty": "",
    "html": "<html><script>alert(1)</script></html>",
    "no-namespace": "<svg><rect/></svg>",
    "large": _SVG.format("", "<rect/>" * 200_000),
}

_NAMES = [
    "../evil.md", "/etc/passwd", "01-reading/../../evil.md", "01-reading\\02-evil.md", "C:/evil.md",
    "media/../evil.svg", "media/..", "media//evil.svg", "./course.yaml", "media/EVIL.svg",
    "media/그림.svg", "media/evil/evil.svg", "media/evil.exe", "media/evil", "media/.evil.svg",
    "media/evil.svg.html", "media/e vil.svg", "media/evil\n.svg", "media/evil\0.svg",
    "media/" + "e" * 200 + ".svg", "reading/01-evil.md", "01-Reading/01-evil.md",
    "01-reading/evil.md", "01-reading/01-evil.xx.en.md", "01-reading/02-evil.en.md",
    "01-reading/unit.yml.yaml", "03-evil/01-evil.md", "01-reading/01-evil.md", "02-reading/unit.yaml",
    "course.xx.xx.yaml", "evil.md", "",
]  # fmt: skip


def _encodings() -> Iterator[tuple[str, Files]]:
    for path, data in every_kind().items():
        if path.startswith("media/"):
            continue
        text = data.decode()
        middle = len(data) // 2
        ways = {
            "utf-16": text.encode("utf-16"),
            "utf-16-le": text.encode("utf-16-le"),
            "utf-32": text.encode("utf-32"),
            "latin-1": data[:middle] + b"caf\xe9\n" + data[middle:],
            "nul": data + b"\0",
            "escape": data + b"\x1b[2J",
            "bom-inside": data + "\ufeff".encode(),
            "surrogate": data + b"\xed\xa0\x80",
            "overlong": data + b"\xc0\xaf",
            "empty": b"",
            "noise": _LUCK.randbytes(500),
        }
        if not text.isascii():
            ways["cp949"] = text.encode("cp949", "replace")
            at = next(i for i in range(len(data)) if data[i] >= 0xE0)
            ways["cut"] = data[: at + 1]
        for name, changed_data in ways.items():
            yield f"{name} {path}", every_kind() | {path: changed_data}


def _cuts() -> Iterator[tuple[str, Files]]:
    """Every directive once without its end, and once as the last line of its file."""
    for path in (READ, ASK):
        text = every_kind()[path].decode().split("\n")
        for at, line in lines.outside_code(text):
            if lines.closing(line):
                whole = [*text[:at], *text[at + 1 :]]
                yield f"no end {path}:{at + 1}", every_kind() | {path: "\n".join(whole).encode()}
            elif lines.opening(line):
                cut = text[: at + 1]
                yield f"cut {path}:{at + 1}", every_kind() | {path: "\n".join(cut).encode()}


def _added(text: str) -> Files:
    files = every_kind()
    return files | {READ: files[READ] + b"\n" + text.encode() + b"\n"}


def _large() -> Iterator[tuple[str, Files]]:
    front = every_kind()[READ].split(b"\n\n", 1)[0] + b"\n\n"
    html = "\n\n<b>\n"
    yield "50 MB lesson", every_kind() | {READ: front.ljust(50_000_000, b"a")}
    yield "50 MB front matter", every_kind() | {READ: b"---\n".ljust(50_000_000, b"a")}
    yield "1 MB front matter", every_kind() | {READ: b"---\n" + b"a: b\n" * 200_000 + b"---\n"}
    yield "large yaml", every_kind() | {"course.yaml": b"- a\n" * 1_000_000}
    yield "many files", every_kind() | {f"media/{n}.vtt": b"" for n in range(limits.MAX_FILES)}
    yield "stray ends", _added(":::\n" * 100_000)
    yield "open directives", _added(":::{tip}\n" * 100_000)
    yield "rising colons", _added("\n".join(":" * n + "{tip}" for n in range(3, 1_000)))
    yield "falling colons", _added("\n".join(":" * n + "{tip}" for n in range(1_000, 3, -1)))
    yield "code fences", _added("```\n" * 100_001)
    yield "rising code fences", _added("\n".join("`" * n + "x" for n in range(3, 1_000)))
    yield "labels", _added("(a)=\n" * 100_000)
    yield "many blocks", _added("\n".join(f":::{{note}}\n{n}\n:::" for n in range(1_000)))
    yield "long line", _added("a" * 1_500_000)
    yield "quotes", _added(">" * 20_000 + html)
    yield "lists", _added("\n".join("  " * n + "- a" for n in range(200)) + html)
    yield "brackets", _added("[" * 20_000 + html)
    yield "pictures", _added("![" * 10_000 + html)
    yield "half links", _added("[a](" * 10_000 + html)
    yield "tags", _added("<a " * 10_000 + html)
    yield "comments", _added("<!--" * 10_000 + html)
    yield "stars", _added("*a **a " * 5_000 + html)
    yield "ticks", _added("".join("`" * n + " " for n in range(250)) + html)
    yield "entities", _added("&" * 40_000 + html)
    yield "backslashes", _added("\\" * 40_000 + html)
    yield "wide table", _added("|" + "a|" * 20_000 + "\n|" + "-|" * 20_000 + html)
    yield "definitions", _added("".join(f"[{n}]: b\n" for n in range(5_000)) + html)
    options = "- [ ] a\n" * 20_000
    yield "many options", changed(ASK, "- [x] 두 장 {#two}", "- [x] 두 장\n" + options)
    yield "keys", changed(ASK, "- [x] 두 장 {#two}", "- [x] 두 장 " + "{#" * 50_000 + "}")
    yield "many blanks", changed(ASK, "[[두 장]]", "[[a]]" * 20_000)
    yield "open blanks", changed(ASK, "[[두 장]]", "[[" * 20_000)
    rows = "| a | b |\n" * 20_000
    yield "many pairs", changed(ASK, "| 해킹이 걱정돼요 | 118 |\n", rows)
    yield "pipes", changed(ASK, "| 해킹이 걱정돼요 | 118 |", "|" * 100_000)
    nodes = "".join(f"### n{n}\n\n- [a](#n{n + 1})\n\n" for n in range(5_000))
    yield "many nodes", changed(ASK, "### who\n", nodes + "### who\n")


def courses() -> Iterator[tuple[str, Files]]:
    """Every broken course, with a name for it."""
    yield "nothing", {}
    for path in (path for path in every_kind() if ".en." not in path):
        yield f"without {path}", {p: d for p, d in every_kind().items() if p != path}
    yield from _encodings()
    yield from _cuts()
    changes = {"course.yaml": _COURSE_CHANGES, READ: _LESSON_CHANGES, ASK: _QUESTION_CHANGES}
    for path, ways in changes.items():
        for name, (old, new) in ways.items():
            yield f"{name} {path}", changed(path, old, new)
    for name, text in _MARKUP.items():
        yield f"markup {name}", _added(text)
        yield f"feedback {name}", changed(READ, "지금 바로 하지 않으면 큰일 납니다.", text)
    for name, picture in _PICTURES.items():
        yield f"svg {name}", every_kind() | {"media/phone.svg": picture.encode()}
    for path in (path for path in every_kind() if path.startswith("media/")):
        yield f"bytes {path}", every_kind() | {path: b"MZ\x90\0 this is a program"}
        yield f"no bytes {path}", every_kind() | {path: b""}
    for name in _NAMES:
        yield f"name {name!a}", every_kind() | {name: b"---\nkey: evil\n---\n"}
    yield from _large()


def _problems(files: Files) -> int:
    decoded = codec.decode(files)
    problems = list(decoded.problems)
    if decoded.course is not None:
        problems += check.check(
            decoded.course,
            decoded.places,
            today=_TODAY,
            media=decoded.media,
            known_facts={"P-01": "확인", "P-02": "상식"},
            course_keys=frozenset({"every-kind"}),
        )
    return len(errors(problems))


def main() -> None:
    results: dict[str, int | str] = {}
    for name, files in courses():
        try:
            results[name] = _problems(files)
        except Exception as error:  # noqa: BLE001  whatever it is, the test names it
            results[name] = repr(error)[:300]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    json.dump({"results": results, "peak_megabytes": peak}, sys.stdout)


if __name__ == "__main__":
    main()
