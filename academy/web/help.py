"""The telephone lines on the help page: what each is for, what to say first, and when they were last looked up."""

from dataclasses import dataclass
from datetime import date

from academy.kernel.i18n import _l

CHECKED = date(2026, 11, 21)


@dataclass(frozen=True)
class Line:
    """Names of facts: S-60, S-61, S-65, S-62, S-64, S-67."""

    number: str
    name: str
    when: str
    say: str


LINES = (
    Line(
        "112",
        _l("경찰"),
        _l("위험하거나 범죄를 당하고 있을 때, 지금 돈이 빠져나가고 있을 때 겁니다."),
        _l("지금 위험해요. 여기는 …이에요."),
    ),
    Line(
        "119",
        _l("소방·구급"),
        _l("불이 났거나, 크게 다치거나 갑자기 아플 때 겁니다."),
        _l("사람이 아파요. 여기는 …이에요."),
    ),
    Line(
        "109",
        _l("마음이 몹시 힘들 때"),
        _l("죽고 싶은 마음이 들거나 그런 사람이 곁에 있을 때, 밤낮없이 이야기를 들어 줍니다."),
        _l("너무 힘들어서 전화했어요."),
    ),
    Line(
        "1394",
        _l("전화·문자 사기"),
        _l("보이스피싱이나 이상한 문자를 받았을 때, 속은 것 같을 때 겁니다. 하루 24시간 받습니다."),
        _l("이상한 전화를 받았어요. 확인하고 싶어요."),
    ),
    Line(
        "1366",
        _l("가정폭력·성폭력"),
        _l(
            "집이나 가까운 사람에게서 폭력을 당할 때, 머물 곳이 필요할 때 겁니다. 하루 24시간 받습니다."
        ),
        _l("안전한 곳이 필요해요."),
    ),
    Line(
        "118",
        _l("해킹·개인정보"),
        _l("전화기가 해킹당한 것 같거나 내 정보가 새어 나갔을 때 묻습니다."),
        _l("전화기가 해킹당한 것 같아요."),
    ),
)
