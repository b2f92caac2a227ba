"""Shapes of what people type at the door."""

import unicodedata

from wtforms import BooleanField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from academy.accounts import rules, service
from academy.kernel.forms import Form, choices, stripped
from academy.kernel.i18n import _, _l

LONGEST = 200


def _nickname(_form: Form, field: StringField) -> None:
    if not rules.nickname_is_fine(field.data or ""):
        raise ValidationError(
            _("별명은 글자와 숫자로 %(least)s자에서 %(most)s자까지 쓸 수 있어요.",
              least=rules.NICKNAME_MIN, most=rules.NICKNAME_MAX)
        )  # fmt: skip


def _nfc(value: str | None) -> str:
    return unicodedata.normalize("NFC", stripped(value))


class CodeForm(Form):
    code = StringField(
        _l("초대 코드"),
        [
            InputRequired(_l("초대 코드를 적어 주세요.")),
            Length(max=60, message=_l("코드가 너무 길어요.")),
        ],
        filters=[stripped],
    )


class JoinForm(CodeForm):
    nickname = StringField(
        _l("별명"), [InputRequired(_l("여기서 쓸 별명을 적어 주세요.")), _nickname], filters=[_nfc]
    )
    password = PasswordField(
        _l("비밀번호"),
        [
            InputRequired(_l("비밀번호를 적어 주세요.")),
            Length(max=LONGEST, message=_l("비밀번호는 200자까지 쓸 수 있어요.")),
        ],
    )
    shared = BooleanField(_l("함께 쓰는 기기예요"))

    def command(self, language: str) -> service.Join:
        return service.Join(
            code=self.code.data or "",
            nickname=self.nickname.data or "",
            password=self.password.data or "",
            language=language,
        )


class SignInForm(Form):
    nickname = StringField(
        _l("별명"),
        [
            InputRequired(_l("별명을 적어 주세요.")),
            Length(max=LONGEST, message=_l("별명이 너무 길어요.")),
        ],
        filters=[_nfc],
    )
    password = PasswordField(
        _l("비밀번호"),
        [
            InputRequired(_l("비밀번호를 적어 주세요.")),
            Length(max=LONGEST, message=_l("비밀번호는 200자까지 쓸 수 있어요.")),
        ],
    )
    shared = BooleanField(_l("함께 쓰는 기기예요"))

    def command(self, *, device_name: str, address: str) -> service.SignIn:
        return service.SignIn(
            nickname=self.nickname.data or "",
            password=self.password.data or "",
            shared=bool(self.shared.data),
            device_name=device_name,
            address=address,
        )


class RecoverForm(Form):
    nickname = StringField(
        _l("별명"),
        [
            InputRequired(_l("별명을 적어 주세요.")),
            Length(max=LONGEST, message=_l("별명이 너무 길어요.")),
        ],
        filters=[_nfc],
    )
    code = StringField(
        _l("복구 코드"),
        [
            InputRequired(_l("종이에 적어 둔 복구 코드를 적어 주세요.")),
            Length(max=60, message=_l("코드가 너무 길어요.")),
        ],
        filters=[stripped],
    )
    password = PasswordField(
        _l("새 비밀번호"),
        [
            InputRequired(_l("새 비밀번호를 적어 주세요.")),
            Length(max=LONGEST, message=_l("비밀번호는 200자까지 쓸 수 있어요.")),
        ],
    )

    def command(self, *, address: str) -> service.Recover:
        return service.Recover(
            nickname=self.nickname.data or "",
            code=self.code.data or "",
            password=self.password.data or "",
            address=address,
        )


class NicknameForm(Form):
    nickname = StringField(
        _l("별명"), [InputRequired(_l("여기서 쓸 별명을 적어 주세요.")), _nickname], filters=[_nfc]
    )


class PasswordForm(Form):
    old = PasswordField(
        _l("지금 비밀번호"),
        [InputRequired(_l("지금 비밀번호를 적어 주세요.")), Length(max=LONGEST)],
    )
    new = PasswordField(
        _l("새 비밀번호"),
        [
            InputRequired(_l("새 비밀번호를 적어 주세요.")),
            Length(max=LONGEST, message=_l("비밀번호는 200자까지 쓸 수 있어요.")),
        ],
    )

    def command(self) -> service.ChangePassword:
        return service.ChangePassword(old=self.old.data or "", new=self.new.data or "")


class ReadingForm(Form):
    """Switches of reading aids; a switch that is not sent stays as it is."""

    language = RadioField(choices=choices(("ko", "en")), validate_choice=True)
    large_text = RadioField(choices=choices(("on", "off")), validate_choice=True)
    easy_words = RadioField(choices=choices(("on", "off")), validate_choice=True)

    def choices_made(self) -> dict[str, str | bool]:
        made: dict[str, str | bool] = {}
        if self.language.data in {"ko", "en"}:
            made["language"] = self.language.data
        for name in ("large_text", "easy_words"):
            value = self[name].data
            if value in {"on", "off"}:
                made[name] = value == "on"
        return made
