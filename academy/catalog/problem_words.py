"""What the problems of a course are called, for the people who write courses."""

from collections.abc import Callable, Mapping

from academy.document.problems import Code, Level, Problem
from academy.kernel.i18n import _l

Words = Callable[..., str]

LEVELS: Mapping[Level, str] = {
    Level.ERROR: _l("고쳐야 해요"),
    Level.WARNING: _l("살펴봐 주세요"),
}

_FILES: Mapping[Code, Words] = {
    Code.FILE_UNKNOWN: lambda **_: _l("과정에서 쓰지 않는 파일이에요. 읽지 않고 지나가요."),
    Code.FILE_UNSAFE: lambda **f: _l(
        "파일 이름 ‘%(name)s’[은/는] 받을 수 없어요. 과정 폴더 안에 있는 파일만 넣어 주세요.", **f
    ),
    Code.FILE_UNREADABLE: lambda **_: _l("읽을 수 없어요. 읽기 권한을 살펴봐 주세요."),
    Code.FILE_TOO_LARGE: lambda **f: _l("파일이 너무 커요. %(limit)s KB까지 넣을 수 있어요.", **f),
    Code.FILES_TOO_MANY: lambda **f: _l(
        "파일이 너무 많아요. 한 과정에 %(limit)s개까지 넣을 수 있어요.", **f
    ),
    Code.FILE_NAME: lambda **f: _l(
        "이름 ‘%(name)s’[을/를] 알아볼 수 없어요. 단원과 차시는 ‘01-영문-이름’처럼 적어 주세요.",
        **f,
    ),
    Code.FILE_KEY: lambda **f: _l(
        "차시의 key ‘%(key)s’[과/와] 파일 이름의 ‘%(name)s’[이/가] 달라요. 둘을 같게 해 주세요.",
        **f,
    ),
    Code.NUMBER_TWICE: lambda **f: _l(
        "번호 %(number)s[이/가] 두 번 나와요. 순서를 알 수 있게 하나를 바꿔 주세요.", **f
    ),
    Code.MEDIA_NAME: lambda **f: _l(
        "미디어 파일 이름 ‘%(name)s’[은/는] 쓸 수 없어요. 영문 소문자, 숫자, 붙임표만 쓰고 "
        "media 폴더 바로 아래에 넣어 주세요.",
        **f,
    ),
    Code.MEDIA_TYPE: lambda **f: _l(
        "‘%(name)s’[은/는] 넣을 수 없는 종류의 파일이에요. "
        "SVG, PNG, JPEG, WebP, MP3, M4A, MP4, VTT, PDF를 쓸 수 있어요.",
        **f,
    ),
    Code.ENCODING: lambda **_: _l("글자를 읽을 수 없어요. 파일을 UTF-8로 저장해 주세요."),
    Code.CONTROL_CHARACTER: lambda **f: _l(
        "보이지 않는 글자(%(character)s)가 들어 있어요. 지워 주세요.", **f
    ),
    Code.COURSE_MISSING: lambda **_: _l("과정 폴더에 course.yaml 파일이 없어요."),
    Code.UNIT_MISSING: lambda **f: _l("단원 ‘%(name)s’에 unit.yaml 파일이 없어요.", **f),
    Code.ORIGINAL_MISSING: lambda **f: _l("번역만 있고 원문 ‘%(name)s’[이/가] 없어요.", **f),
    Code.FORMAT_NEWER: lambda **f: _l(
        "이 과정은 더 새로운 형식(%(version)s판)으로 쓰였어요. 지금 프로그램은 %(known)s판까지 "
        "읽어요. 프로그램을 새 판으로 바꿔 주세요.",
        **f,
    ),
    Code.FORMAT_UNKNOWN: lambda **f: _l(
        "format_version 값 ‘%(version)s’[을/를] 알 수 없어요. format_version: 1로 적어 주세요.",
        **f,
    ),
    Code.TOO_MANY_PROBLEMS: lambda **f: _l(
        "이 파일에는 고칠 곳이 %(limit)s군데가 넘어요. 위의 것부터 고친 뒤 다시 살펴봐 주세요.",
        **f,
    ),
}

_FIELDS: Mapping[Code, Words] = {
    Code.FRONT_MATTER: lambda **_: _l(
        "차시 파일은 ‘---’ 두 줄 사이에 적은 머리말로 시작해야 해요."
    ),
    Code.YAML: lambda **f: _l(
        "YAML로 읽을 수 없는 줄이에요(%(reason)s). 들여쓰기와 따옴표를 살펴봐 주세요.", **f
    ),
    Code.YAML_FORBIDDEN: lambda **f: _l(
        "YAML의 ‘%(what)s’[은/는] 여기에서 쓸 수 없어요. 값을 그대로 적어 주세요.", **f
    ),
    Code.FIELD_UNKNOWN: lambda **f: _l("‘%(field)s’[은/는] 알 수 없는 항목이에요.", **f),
    Code.FIELD_TWICE: lambda **f: _l("항목 ‘%(field)s’[이/가] 두 번 나와요.", **f),
    Code.FIELD_MISSING: lambda **f: _l("꼭 있어야 하는 항목 ‘%(field)s’[이/가] 없어요.", **f),
    Code.FIELD_SHAPE: lambda **f: _l(
        "항목 ‘%(field)s’[을/를] 적은 모양이 맞지 않아요. 값 하나인지 목록인지 살펴봐 주세요.", **f
    ),
    Code.VALUE: lambda **f: _l("‘%(field)s’에 적은 값 ‘%(value)s’[은/는] 쓸 수 없어요.", **f),
    Code.KEY_FORM: lambda **f: _l(
        "key ‘%(value)s’[은/는] 쓸 수 없어요. 영문 소문자와 숫자를 붙임표로 이어 "
        "60자까지 적어 주세요.",
        **f,
    ),
    Code.LINE_BREAK: lambda **f: _l("‘%(field)s’[은/는] 한 줄로 적어 주세요.", **f),
    Code.TOO_LONG: lambda **f: _l(
        "‘%(field)s’[이/가] 너무 길어요. %(limit)s자까지 적을 수 있어요.", **f
    ),
    Code.TOO_MANY: lambda **f: _l(
        "‘%(field)s’[이/가] 너무 많아요. %(limit)s개까지 넣을 수 있어요.", **f
    ),
    Code.TOO_LARGE: lambda **f: _l("차시가 너무 커요. %(limit)s KB를 넘지 않게 나눠 주세요.", **f),
    Code.EMPTY: lambda **f: _l("‘%(field)s’[이/가] 비어 있어요.", **f),
}

_BODY: Mapping[Code, Words] = {
    Code.CODE_OPEN: lambda **_: _l("``` 또는 ~~~로 연 곳을 닫지 않았어요."),
    Code.DIRECTIVE_UNKNOWN: lambda **f: _l("‘%(name)s’[이라는/라는] 블록은 없어요.", **f),
    Code.DIRECTIVE_FORM: lambda **_: _l(
        "블록을 여는 줄을 알아볼 수 없어요. ‘:::{이름} 내용’처럼 적어 주세요."
    ),
    Code.DIRECTIVE_OPEN: lambda **f: _l(
        "‘%(name)s’ 블록을 닫지 않았어요. 끝에 ‘:::’ 줄을 넣어 주세요.", **f
    ),
    Code.DIRECTIVE_STRAY: lambda **_: _l("여는 줄이 없는데 ‘:::’로 닫았어요."),
    Code.DIRECTIVE_INSIDE: lambda **_: _l(
        "글 안에 ‘:::’로 시작하는 줄을 둘 수 없어요. 블록 안에 다른 블록을 넣을 수는 없어요."
    ),
    Code.ARGUMENT_UNEXPECTED: lambda **f: _l(
        "‘%(name)s’ 블록은 이름 뒤에 아무것도 적지 않아요.", **f
    ),
    Code.OPTION_UNKNOWN: lambda **f: _l(
        "‘%(name)s’에는 ‘%(option)s’[이라는/라는] 설정이 없어요.", **f
    ),
    Code.OPTION_TWICE: lambda **f: _l("설정 ‘%(option)s’[이/가] 두 번 나와요.", **f),
    Code.LABEL_INSIDE: lambda **_: _l(
        "‘(key)=’ 모양의 줄은 글 앞에만 둘 수 있어요. 글 안에서는 빼 주세요."
    ),
    Code.SCREEN_INSIDE: lambda **_: _l(
        "‘##’ 제목은 새 화면을 열어요. 글을 둘로 나누거나 ‘###’ 제목을 써 주세요."
    ),
    Code.EASY_MISPLACED: lambda **_: _l("쉬운 말(easy)은 글 바로 뒤에 한 번만 둘 수 있어요."),
    Code.TWICE: lambda **f: _l("‘%(name)s’[은/는] 한 번만 넣을 수 있어요.", **f),
    Code.LINE_UNEXPECTED: lambda **f: _l("이 자리에 올 수 없는 줄이에요: %(line)s", **f),
    Code.PROMPT_FORM: lambda **_: _l(
        "물음 안에 답처럼 보이는 줄이 있어요. 목록이나 표는 다른 블록에 넣어 주세요."
    ),
    Code.FEEDBACK_MISPLACED: lambda **_: _l(
        "설명(>)의 자리가 달라요. 답 하나의 설명은 그 아래에 두 칸 들여 쓰고, "
        "모두에게 보일 설명은 맨 끝에 한 번만 적어 주세요."
    ),
    Code.TRUEFALSE_ANSWERS: lambda **f: _l(
        "맞아요·아니에요 문제에는 답이 꼭 두 개 있어야 해요. 지금은 %(count)s개예요.", **f
    ),
    Code.NUMBER_ANSWERS: lambda **f: _l(
        "숫자 문제에는 맞는 답(- [x])이 꼭 하나 있어야 해요. 지금은 %(count)s개예요.", **f
    ),
    Code.FEEDBACK_ALONE: lambda **_: _l("맞는 답이 없는데 맞는 답의 설명이 있어요."),
    Code.BANK_WORD: lambda **f: _l(
        "보기에 쓸 수 없는 낱말이에요: ‘%(word)s’. 쉼표 뒤를 띄어 쓴 말은 넣을 수 없어요.", **f
    ),
    Code.SPEAKER_FORM: lambda **f: _l(
        "말하는 사람의 이름으로 쓸 수 없어요: ‘%(speaker)s’. 기호 없이 적어 주세요.", **f
    ),
    Code.COMPARE_COLUMNS: lambda **f: _l(
        "견주기 블록에는 ‘###’ 제목이 꼭 두 개 있어야 해요. 지금은 %(count)s개예요.", **f
    ),
    Code.TABLE_FORM: lambda **_: _l(
        "표를 읽을 수 없어요. 첫 줄에 제목, 둘째 줄에 ‘|---|---|’처럼 적어 주세요."
    ),
    Code.ROW_LENGTH: lambda **f: _l(
        "표의 칸 수가 달라요. %(expected)s칸이어야 하는데 %(count)s칸이에요.", **f
    ),
}

_BLOCKS: Mapping[Code, Words] = {
    Code.KEY_TWICE: lambda **f: _l("key ‘%(key)s’[이/가] 두 번 나와요.", **f),
    Code.TEXT_EMPTY: lambda **f: _l("글 ‘%(key)s’[이/가] 비어 있어요.", **f),
    Code.ALT_MISSING: lambda **f: _l(
        "그림 %(src)s에 설명 글(alt)이 없어요. 그림을 볼 수 없는 사람이 알아야 할 것을 "
        "적어 주세요.",
        **f,
    ),
    Code.TRANSCRIPT_MISSING: lambda **f: _l("%(src)s에서 하는 말을 글로도 적어 주세요.", **f),
    Code.CAPTIONS_MISSING: lambda **f: _l("영상 %(src)s에 자막이 없어요.", **f),
    Code.MEDIA_MISSING: lambda **f: _l("파일 %(src)s[이/가] 과정에 없어요.", **f),
    Code.MEDIA_UNUSED: lambda **f: _l("파일 %(src)s[은/는] 어디에도 쓰이지 않았어요.", **f),
    Code.MEDIA_BYTES: lambda **f: _l(
        "파일 %(src)s의 내용이 이름의 종류와 달라요. 다시 저장해 주세요.", **f
    ),
    Code.MEDIA_KIND: lambda **f: _l("파일 %(src)s[은/는] 이 자리에 맞는 종류가 아니에요.", **f),
    Code.SVG_BROKEN: lambda **f: _l("그림 %(src)s[을/를] 읽을 수 없어요.", **f),
    Code.SVG_UNSAFE: lambda **f: _l(
        "그림 %(src)s에 넣을 수 없는 것이 있어요: %(what)s. 움직이지 않고 바깥에서 아무것도 "
        "불러오지 않는 그림만 쓸 수 있어요.",
        **f,
    ),
    Code.HTML: lambda **f: _l(
        "HTML은 쓸 수 없어요: %(html)s. 마크다운으로 적거나, 보이게 하려면 `로 감싸 주세요.", **f
    ),
    Code.PICTURE_IN_TEXT: lambda **f: _l(
        "그림 %(src)s[은/는] 글 안이 아니라 figure 블록으로 넣어 주세요.", **f
    ),
    Code.LINK_DANGEROUS: lambda **f: _l("위험한 링크예요: %(link)s", **f),
    Code.LINK_NOT_HTTPS: lambda **f: _l("링크는 https로 시작해야 해요: %(link)s", **f),
    Code.LINK_UNKNOWN: lambda **f: _l(
        "링크를 알아볼 수 없어요: %(link)s. https, 전화(tel:), 이 과정의 차시나 블록으로만 "
        "이을 수 있어요.",
        **f,
    ),
    Code.LINK_DEAD: lambda **f: _l("링크가 가리키는 곳이 이 과정에 없어요: %(link)s", **f),
}

_QUESTIONS: Mapping[Code, Words] = {
    Code.PROMPT_EMPTY: lambda **f: _l("문제 ‘%(key)s’에 물음이 없어요.", **f),
    Code.OPTIONS_NONE: lambda **f: _l("문제 ‘%(key)s’에 고를 것이 없어요.", **f),
    Code.OPTIONS_ONE: lambda **f: _l(
        "문제 ‘%(key)s’에 고를 것이 하나뿐이에요. 둘 이상 넣어 주세요.", **f
    ),
    Code.RIGHT_NONE: lambda **f: _l("문제 ‘%(key)s’에 맞는 답이 없어요.", **f),
    Code.RIGHT_MANY: lambda **f: _l(
        "문제 ‘%(key)s’에는 맞는 답이 하나여야 하는데 %(count)s개예요. "
        "여럿을 고르는 문제라면 choices를 써 주세요.",
        **f,
    ),
    Code.RIGHT_ALL: lambda **f: _l(
        "문제 ‘%(key)s’에서는 모든 답이 맞아요. 맞지 않는 답도 넣어 주세요.", **f
    ),
    Code.ANSWER_TWICE: lambda **f: _l("문제 ‘%(key)s’에 같은 답이 두 번 나와요: %(answer)s", **f),
    Code.FEEDBACK_MISSING: lambda **f: _l(
        "문제 ‘%(key)s’의 답 ‘%(answer)s’에 설명이 없어요. 왜 아닌지 알려 주세요.", **f
    ),
    Code.BLANKS_NONE: lambda **f: _l(
        "문제 ‘%(key)s’에 빈칸이 없어요. 답을 [[ ]]로 감싸 주세요.", **f
    ),
    Code.POINTS_NONE: lambda **f: _l("문제 ‘%(key)s’[은/는] 점수에 들어가는데 0점이에요.", **f),
    Code.NODES_NONE: lambda **f: _l("대화 ‘%(key)s’에 장면이 없어요.", **f),
    Code.NODE_MISSING: lambda **f: _l(
        "대화 ‘%(key)s’에서 가리키는 장면 ‘%(node)s’[이/가] 없어요.", **f
    ),
    Code.NODE_UNREACHABLE: lambda **f: _l(
        "대화 ‘%(key)s’의 장면 ‘%(node)s’[으로/로] 가는 길이 없어요.", **f
    ),
    Code.NODE_OPEN: lambda **f: _l(
        "대화 ‘%(key)s’의 장면 ‘%(node)s’에 고를 답도 끝도 없어요.", **f
    ),
    Code.NODE_CLOSED: lambda **f: _l(
        "대화 ‘%(key)s’의 장면 ‘%(node)s’[은/는] 끝인데 고를 답이 있어요.", **f
    ),
    Code.GOOD_END_NONE: lambda **f: _l(
        "대화 ‘%(key)s’에 좋은 끝(good, fine)으로 가는 길이 없어요.", **f
    ),
    Code.ONE_WAY: lambda **f: _l(
        "대화 ‘%(key)s’에서 좋은 끝으로 가는 길이 하나뿐이에요. 괜찮은 길을 더 열어 주세요.", **f
    ),
}

_LESSONS: Mapping[Code, Words] = {
    Code.MINUTES_LONG: lambda **f: _l(
        "차시가 %(minutes)s분이에요. %(limit)s분을 넘지 않게 나눠 주세요.", **f
    ),
    Code.SOURCES_MISSING: lambda **_: _l("출처(sources)를 적어 주세요."),
    Code.REVIEW_MISSING: lambda **_: _l("사실을 확인한 날(reviewed)을 적어 주세요."),
    Code.REVIEW_EVERY_MISSING: lambda **_: _l("얼마마다 다시 확인할지(review_every) 적어 주세요."),
    Code.REVIEW_PAST: lambda **f: _l(
        "다시 확인할 날(%(date)s)이 지났어요. 사실을 확인하고 reviewed를 고쳐 주세요.", **f
    ),
    Code.REVIEW_FUTURE: lambda **f: _l("사실을 확인한 날(%(date)s)이 아직 오지 않았어요.", **f),
    Code.FACT_UNKNOWN: lambda **f: _l("사실 %(fact)s[이/가] 사실 모음에 없어요.", **f),
    Code.FACT_UNVERIFIED: lambda **f: _l(
        "사실 %(fact)s[은/는] 아직 확인하지 않은 [상식]이에요. 확인한 뒤에 써 주세요.", **f
    ),
    Code.NOTICE_WITHOUT_WAY: lambda **_: _l(
        "무거운 내용을 알리는 차시(notice)에는 다른 길(alternative)이 있어야 해요."
    ),
    Code.SCORE_WITHOUT_QUESTIONS: lambda **_: _l(
        "마치는 데 필요한 점수(min_score)를 적었는데 점수에 들어가는 문제가 없어요."
    ),
    Code.WORDS_FEW: lambda **f: _l(
        "차시가 짧아요. %(count)s어절이에요. %(limit)s어절이 넘으면 좋아요.", **f
    ),
    Code.WORDS_MANY: lambda **f: _l(
        "차시가 길어요. %(count)s어절이에요. %(limit)s어절을 넘지 않으면 좋아요.", **f
    ),
    Code.SCREEN_LONG: lambda **f: _l(
        "한 화면이 길어요. %(count)s어절이에요. %(limit)s어절을 넘지 않게 ‘##’ 제목으로 "
        "나눠 주세요.",
        **f,
    ),
    Code.PREREQUISITE_UNKNOWN: lambda **f: _l("먼저 배울 과정 ‘%(course)s’[이/가] 없어요.", **f),
    Code.PREREQUISITE_SELF: lambda **_: _l("먼저 배울 과정에 이 과정이 적혀 있어요. 빼 주세요."),
    Code.TRANSLATION_STALE: lambda **f: _l(
        "번역(%(language)s)이 원문보다 오래되었어요. 바뀐 곳을 옮겨 주세요.", **f
    ),
    Code.TRANSLATION_BLOCKS: lambda **f: _l(
        "번역(%(language)s)의 블록이 원문과 달라요. 원문: %(expected)s, 번역: %(found)s. "
        "종류와 key, 순서를 같게 해 주세요.",
        **f,
    ),
    Code.TRANSLATION_ANSWERS: lambda **f: _l(
        "번역(%(language)s)에서 문제 ‘%(key)s’의 답이 원문과 달라요. "
        "답의 수와 순서, 맞는 답을 같게 해 주세요.",
        **f,
    ),
}

WORDS: Mapping[Code, Words] = {**_FILES, **_FIELDS, **_BODY, **_BLOCKS, **_QUESTIONS, **_LESSONS}


def say(problem: Problem) -> str:
    """The problem in one or two sentences, in the reader's language when shown."""
    return WORDS[problem.code](**problem.facts)
