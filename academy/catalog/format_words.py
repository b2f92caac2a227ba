"""What an import or an export lost, and why a file is not taken, for the people who write courses."""

from collections.abc import Callable, Mapping

from academy.formats.facts import Effect, Loss, LossCode, Reason, Refused
from academy.kernel.i18n import _l

Words = Callable[..., str]

EFFECTS: Mapping[Effect, str] = {
    Effect.LEFT_OUT: _l("빠져요"),
    Effect.CHANGED: _l("바뀌어요"),
}

_TEXTS: Mapping[LossCode, Words] = {
    LossCode.CHARACTERS: lambda **f: _l("보이지 않는 글자 %(count)s개를 지워요.", **f),
    LossCode.TEXT_CUT: lambda **f: _l(
        "글이 길어서 %(limit)s자 뒤는 가져올 수 없어요. 잘린 곳: ‘%(text)s’", **f
    ),
    LossCode.LINES_JOINED: lambda **f: _l("여러 줄이던 글을 한 줄로 이어요: ‘%(text)s’", **f),
    LossCode.LAYOUT: lambda **f: _l(
        "문제 글의 목록이나 표를 보통 글로 바꿔요. 답과 헷갈리지 않게 하려는 거예요: ‘%(text)s’",
        **f,
    ),
    LossCode.STYLE: lambda **f: _l(
        "글자 꾸밈 ‘%(name)s’ %(count)s곳: 글은 남고 꾸밈은 빠져요.", **f
    ),
    LossCode.HTML_TAG: lambda **f: _l(
        "HTML ‘%(name)s’ %(count)s곳: 우리 글에는 없는 꾸밈이에요.", **f
    ),
    LossCode.SETTING: lambda **f: _l(
        "설정 ‘%(name)s’ %(count)s곳: 우리 문제에는 없는 설정이에요.", **f
    ),
    LossCode.MORE: lambda **f: _l(
        "같은 알림이 %(count)s개 더 있어요. 파일을 나누어 가져와 주세요.", **f
    ),
}

_FILES: Mapping[LossCode, Words] = {
    LossCode.FILE_UNUSED: lambda **f: _l("파일 ‘%(name)s’[은/는] 과정에서 쓰지 않아요.", **f),
    LossCode.REWRITTEN: lambda **f: _l(
        "‘%(name)s’[을/를] 우리 모양으로 다시 적어요. 내용은 같지만 설명 줄과 순서가 달라질 수 있어요.",
        **f,
    ),
    LossCode.FRONT_MATTER: lambda **f: _l("머리글 ‘%(text)s’[은/는] 가져올 자리가 없어요.", **f),
    LossCode.PICTURE_MISSING: lambda **f: _l("그림 ‘%(name)s’[이/가] 파일 안에 없어요.", **f),
    LossCode.PICTURE_TYPE: lambda **f: _l(
        "그림 ‘%(name)s’[은/는] 가져올 수 없어요. PNG, JPEG, WebP, 안전한 SVG를 10 MB까지 쓸 수 있어요.",
        **f,
    ),
    LossCode.PICTURE_OUTSIDE: lambda **f: _l(
        "그림 ‘%(name)s’[은/는] 다른 곳에 있어서 가져오지 않아요.", **f
    ),
    LossCode.PICTURE_MOVED: lambda **f: _l(
        "그림 ‘%(name)s’[을/를] 글 밖으로 옮겨 따로 보여 줘요.", **f
    ),
}

_DOCUMENTS: Mapping[LossCode, Words] = {
    LossCode.OBJECT: lambda **f: _l("글이나 그림이 아닌 것: ‘%(name)s’", **f),
    LossCode.NOTE: lambda **f: _l("본문 밖의 글(%(name)s): ‘%(text)s’", **f),
    LossCode.DELETED: lambda **f: _l("지운 것으로 표시된 글: ‘%(text)s’", **f),
    LossCode.CONTENTS: lambda **_: _l("차례는 차시 목록으로 대신해요."),
    LossCode.TABLE_MERGED: lambda **_: _l("표의 합친 칸을 나누어요. 빈칸이 생길 수 있어요."),
    LossCode.TABLE_NESTED: lambda **_: _l("표 안의 표를 한 칸의 글로 바꿔요."),
}

_QUESTIONS: Mapping[LossCode, Words] = {
    LossCode.KIND: lambda **f: _l("‘%(kind)s’ 문제는 이 형식으로 옮길 수 없어요.", **f),
    LossCode.BROKEN: lambda **f: _l("읽을 수 없는 곳이 있어요: ‘%(text)s’", **f),
    LossCode.TITLE: lambda **f: _l("문제 이름 ‘%(title)s’[은/는] 적어 둘 자리가 없어요.", **f),
    LossCode.TAGS: lambda **f: _l("꼬리표 ‘%(tags)s’[은/는] 적어 둘 자리가 없어요.", **f),
    LossCode.KEY_CHANGED: lambda **f: _l(
        "이름 ‘%(key)s’[을/를] 그대로 쓸 수 없어 다른 이름을 붙여요.", **f
    ),
    LossCode.FIELD: lambda **f: _l(
        "‘%(name)s’ 값 ‘%(value)s’[은/는] 이 형식에 적을 자리가 없어요.", **f
    ),
    LossCode.WEIGHT: lambda **f: _l(
        "답 ‘%(answer)s’의 부분 점수 %(weight)s%%[은/는] 없어요. 맞거나 틀린 것으로만 봐요.", **f
    ),
    LossCode.ANSWER: lambda **f: _l("답 ‘%(answer)s’[은/는] 옮길 수 없어요.", **f),
    LossCode.ANSWER_FEEDBACK: lambda **f: _l(
        "답 ‘%(answer)s’에만 붙은 설명은 옮길 수 없어요.", **f
    ),
    LossCode.SEVERAL_RIGHT: lambda **f: _l(
        "맞는 답이 %(count)s개라서 ‘모두 고르기’로 바꿔요.", **f
    ),
    LossCode.WILDCARD: lambda **f: _l(
        "답 ‘%(answer)s’의 별표는 아무 글자나 뜻하지 않고 별표 그대로 봐요.", **f
    ),
    LossCode.ESSAY: lambda **_: _l("긴 글로 답하는 문제는 점수 없는 ‘생각 적기’가 돼요."),
}

_SHEETS: Mapping[LossCode, Words] = {
    LossCode.COLUMN: lambda **f: _l("‘%(name)s’ 열은 우리 표에 없어요.", **f),
    LossCode.CELL: lambda **f: _l("‘%(name)s’ 칸의 ‘%(value)s’[은/는] 쓸 자리가 없어요.", **f),
    LossCode.SHEET: lambda **f: _l("시트 ‘%(name)s’에는 문제가 없거나 숨겨져 있어요.", **f),
    LossCode.ONLY_QUESTIONS: lambda **_: _l("문제만 담고, 과정의 다른 내용은 담지 않아요."),
}

LOSSES: Mapping[LossCode, Words] = {**_TEXTS, **_FILES, **_DOCUMENTS, **_QUESTIONS, **_SHEETS}

REFUSALS: Mapping[Reason, Words] = {
    Reason.FORMAT_UNKNOWN: lambda **f: _l(
        "‘%(name)s’[은/는] 알 수 없는 형식이에요. 이름 끝의 형식을 살펴봐 주세요.", **f
    ),
    Reason.FORMAT_OLD: lambda **f: _l(
        "%(name)s 파일은 가져올 수 없어요. 워드(.docx), 엑셀(.xlsx), CSV로 저장해 주세요.", **f
    ),
    Reason.TOO_LARGE: lambda **f: _l("파일이 너무 커요. %(limit)s MB까지 가져올 수 있어요.", **f),
    Reason.UNPACKED_TOO_LARGE: lambda **f: _l(
        "풀어 놓은 크기가 너무 커요. 모두 더해 %(limit)s MB까지 다룰 수 있어요.", **f
    ),
    Reason.TOO_MANY_FILES: lambda **f: _l(
        "파일이 너무 많아요. %(limit)s개까지 담을 수 있어요.", **f
    ),
    Reason.TOO_MANY_ROWS: lambda **f: _l(
        "줄이 너무 많아요. %(limit)s줄까지 가져올 수 있어요.", **f
    ),
    Reason.TOO_MANY_QUESTIONS: lambda **f: _l(
        "문제가 너무 많아요. 한 번에 %(limit)s개까지 가져올 수 있어요.", **f
    ),
    Reason.ARCHIVE_BROKEN: lambda **_: _l("파일이 깨져 있어서 열 수 없어요. 다시 저장해 주세요."),
    Reason.ARCHIVE_LOCKED: lambda **_: _l(
        "비밀번호가 걸려 있어서 열 수 없어요. 비밀번호를 풀고 다시 저장해 주세요."
    ),
    Reason.NAME_UNSAFE: lambda **f: _l(
        "압축 파일 안의 이름 ‘%(name)s’[은/는] 안전하지 않아서 아무것도 풀지 않았어요.", **f
    ),
    Reason.NAME_TWICE: lambda **f: _l("압축 파일 안에 ‘%(name)s’[이/가] 두 번 들어 있어요.", **f),
    Reason.XML_BROKEN: lambda **f: _l("XML을 읽을 수 없어요. %(line)s째 줄을 살펴봐 주세요.", **f),
    Reason.XML_DOCTYPE: lambda **_: _l(
        "XML 안에 문서 형식 선언(DOCTYPE)이 있어서 열지 않았어요. 해로울 수 있는 파일이에요."
    ),
    Reason.TOO_COMPLEX: lambda **_: _l(
        "문서가 너무 크거나 복잡해서 열지 않았어요. 나누어 가져와 주세요."
    ),
    Reason.MACROS: lambda **_: _l(
        "매크로가 든 문서는 열지 않아요. 매크로 없는 형식(.docx, .xlsx)으로 저장해 주세요."
    ),
    Reason.ENCODING: lambda **_: _l("글자를 읽을 수 없어요. 파일을 UTF-8로 저장해 주세요."),
    Reason.NOT_TEXT: lambda **_: _l("글 파일이 아니에요. 파일의 종류를 살펴봐 주세요."),
    Reason.NOT_THIS: lambda **f: _l("내용이 %(format)s 형식이 아니에요.", **f),
    Reason.HEADER_MISSING: lambda **f: _l(
        "첫 줄에 ‘%(column)s’ 열이 없어요. 문제 표를 받아 그 모양대로 적어 주세요.", **f
    ),
    Reason.NOTHING: lambda **_: _l("가져올 내용을 찾지 못했어요."),
    Reason.COURSE_UNREADABLE: lambda **_: _l("과정의 course.yaml을 읽을 수 없어요."),
}


def say(loss: Loss) -> str:
    """The loss in one or two sentences, in the reader's language when shown."""
    return LOSSES[loss.code](**loss.facts)


def say_refused(refused: Refused) -> str:
    """Why a file is not taken."""
    return REFUSALS[refused.reason](**refused.facts)
