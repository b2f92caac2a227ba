"""A page as a browser without JavaScript has it: its forms are filled and sent by the rules of HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"}
)


@dataclass
class Control:
    """A field or a button. `value` is what it would send; `label` the words beside it."""

    tag: str
    type: str
    name: str
    value: str
    on: bool = False
    label: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sends(self) -> bool:
        """Whether the field (not a button) is part of what is sent."""
        return bool(self.name) and (self.on or self.type not in {"radio", "checkbox", "submit"})


@dataclass
class Form:
    action: str
    method: str
    section: str
    controls: list[Control] = field(default_factory=list)

    def named(self, name: str) -> list[Control]:
        found = [control for control in self.controls if control.name == name]
        assert found, f"no field {name} in the form to {self.action}"
        return found

    def type(self, name: str, text: str) -> None:
        (control,) = self.named(name)
        assert control.type == "text", control
        control.value = text

    def choose(self, name: str, *values: str) -> None:
        """Tick these boxes or this radio button, and no other of the name."""
        controls = self.named(name)
        assert set(values) <= {control.value for control in controls}, (values, controls)
        for control in controls:
            assert control.type in {"radio", "checkbox"}
            control.on = control.value in values

    def select(self, name: str, label: str) -> None:
        """Pick the entry of a list that reads like this."""
        (control,) = self.named(name)
        (control.value,) = {value for value, words in control.options if words == label}

    def buttons(self) -> list[Control]:
        return [control for control in self.controls if control.type == "submit"]

    def fields(self) -> list[tuple[str, str]]:
        """What is sent without a button."""
        return [(control.name, control.value) for control in self.controls if control.sends]

    def send(
        self, client: FlaskClient, button: Control | None = None, *, part: bool = False
    ) -> TestResponse:
        """Press `button`, or the first one."""
        pressed = button or next(iter(self.buttons()), None)
        data: dict[str, list[str]] = {}
        pairs = self.fields()
        if pressed is not None and pressed.name:
            pairs.append((pressed.name, pressed.value))
        for name, value in pairs:
            text = value.replace("\r\n", "\n").replace("\n", "\r\n")
            data.setdefault(name, []).append(text)
        headers = {"X-Part": "1"} if part else {}
        if self.method == "get":
            return client.get(self.action, query_string=data, headers=headers)
        return client.post(self.action, data=data, headers=headers)


class Page(HTMLParser):
    """What is on a page: forms, links, ids and words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.attributes: dict[str, dict[str, str]] = {}
        self.alerts: list[str] = []
        self._words: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._control: Control | None = None
        self._label: list[Control] | None = None
        self._label_words = ""
        self._alert = 0
        self._option: tuple[str | None, bool] | None = None
        self._option_words = ""
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def form(self, action: str) -> Form:
        found = [form for form in self.forms if form.action.split("#")[0] == action]
        assert len(found) == 1, f"{len(found)} forms to {action}"
        return found[0]

    def hrefs(self, words: str) -> list[str]:
        return [href for href, text in self.links if words in text]

    def to(self, start: str) -> list[str]:
        """The links whose address begins like this."""
        return [href for href, _ in self.links if href.startswith(start)]

    def _sections(self) -> Iterator[str]:
        return (id_ for tag, id_ in reversed(self._open) if tag == "section" and id_)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value if value is not None else "" for name, value in attrs}
        if "id" in values:
            assert values["id"] not in self.ids, f"id {values['id']} stands twice"
            self.ids.add(values["id"])
            self.attributes[values["id"]] = values
        if tag not in _EMPTY:
            self._open.append((tag, values.get("id", "")))
        if values.get("role") == "alert":
            self.alerts.append("")
            self._alert = len(self._open)
        if tag == "a":
            self.links.append((values.get("href", ""), ""))
        elif tag == "form":
            assert self._form is None, "a form inside a form"
            section = next(self._sections(), "")
            self._form = Form(values["action"], values.get("method", "get"), section)
            self.forms.append(self._form)
        elif tag == "label":
            self._label, self._label_words = [], ""
        elif tag == "option" and self._control is not None:
            self._option = (values.get("value"), "selected" in values)
            self._option_words = ""
        elif tag in {"input", "textarea", "select", "button"}:
            self._begin(tag, values)

    def _begin(self, tag: str, values: dict[str, str]) -> None:
        kind = values.get("type", "submit" if tag == "button" else "text")
        if kind in {"search", "text", "password"}:
            kind = "text"
        control = Control(tag, kind, values.get("name", ""), values.get("value", ""))
        control.on = "checked" in values
        if kind in {"radio", "checkbox"} and "value" not in values:
            control.value = "on"
        self._control = control
        if self._label is not None:
            self._label.append(control)
        if self._form is not None and kind != "button" and "disabled" not in values:
            self._form.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, _ = self._open.pop()
            if name == tag:
                break
        if len(self._open) < self._alert:
            self._alert = 0
        if tag == "form":
            self._form = None
        elif tag == "label" and self._label is not None:
            for control in self._label:
                control.label = " ".join(self._label_words.split())
            self._label = None
        elif tag == "option" and self._control is not None and self._option is not None:
            words = " ".join(self._option_words.split())
            value, selected = self._option
            entry = words if value is None else value
            # The first entry is sent when none is chosen.
            if selected or not self._control.options:
                self._control.value = entry
            self._control.options.append((entry, words))
            self._option = None
        elif tag in {"textarea", "select", "button"}:
            if tag == "textarea" and self._control is not None:
                self._control.value = self._control.value.removeprefix("\n")
            self._control = None

    def handle_data(self, data: str) -> None:
        if self._option is not None:
            self._option_words += data
            return
        if self._control is not None and self._control.tag == "textarea":
            self._control.value += data
        if self._control is not None and self._control.tag == "button":
            self._control.label += data
        if self._alert:
            self.alerts[-1] += data
        if self._label is not None:
            self._label_words += data
        if self.links and any(tag == "a" for tag, _ in self._open):
            href, words = self.links[-1]
            self.links[-1] = (href, words + data)
        if not any(tag in {"script", "style", "title"} for tag, _ in self._open):
            self._words.append(data)
