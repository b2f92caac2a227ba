// The lesson: one screen at a time, answers without a reload. The page works without any of this.
"use strict";
const main = document.getElementById("main");
const screens = main.querySelector(".screens");
const all = [...screens.children];
const bar = main.querySelector(".steps-bar");
const notice = main.querySelector(".quiet-notice");
const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const focusOn = (element) => {
  if (!element.matches("a, button, input, select, textarea")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
};

// Screens

const current = () => all.findIndex((screen) => screen.classList.contains("on"));

const show = (screen) => {
  const index = all.indexOf(screen);
  all.forEach((one) => one.classList.toggle("on", one === screen));
  main.classList.remove("alt");
  main.classList.toggle("going-on", index > 0);
  main.classList.toggle("last", index === all.length - 1);
  bar.firstChild.value = index + 1;
  bar.lastChild.textContent = `${index + 1}/${all.length}`;
  // The reading switches come back to this very screen.
  main.querySelector('.aids [name="next"]').value = `${screens.dataset.base}#${screen.id}`;
  read();
};

// Show what the address names; true when there is such a place.
const route = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const screen = target?.closest(".screen");
  if (target?.id === "alternative") {
    main.classList.add("alt");
    if (notice) notice.hidden = true;
    focusOn(target);
    scrollTo(0, 0);
    return true;
  }
  if (!screen) return false;
  if (notice) notice.hidden = true;
  show(screen);
  const first = target === screen || screen.firstElementChild === target;
  focusOn((first ? screen.querySelector("h2, .prompt") : target) ?? screen);
  if (first) scrollTo(0, 0);
  else target.scrollIntoView();
  return true;
};

// Kept drafts and ticks

const draftKey = (form) => `draft:${texts.who}:${form.action}`;
const typed = (form) => [...form.querySelectorAll('input:not([type]), textarea')];

// Every control that a name stands for, chosen or filled.
const firstEmpty = (form) => {
  const given = new FormData(form);
  return [...form.elements].find(
    (field) => field.name && !given.getAll(field.name).some((value) => value.trim()),
  );
};

// Put in order

const enhanceOrder = (list) => {
  const words = list.dataset;
  const news = make("p", { className: "sr", role: "status" });
  list.after(news);
  list.previousElementSibling.textContent = words.how;
  const items = () => [...list.children];
  const number = () =>
    items().forEach((item, index, { length }) => {
      item.querySelector("select").value = index + 1;
      item.querySelector("b").textContent = `${index + 1}. `;
      item.querySelectorAll("button").forEach((button, down) => {
        button.disabled = index === (down ? length - 1 : 0);
      });
    });
  const places = items().map((item) => +item.querySelector("select").value || 99);
  const sorted = items()
    .map((item, index) => [places[index], item])
    .sort((one, other) => one[0] - other[0]);
  sorted.forEach(([, item]) => {
    const select = item.querySelector("select");
    const text = item.querySelector("span");
    select.hidden = true;
    // A label that names a hidden control would only confuse.
    item.firstElementChild.replaceWith(select, make("span", { className: "text" }, make("b"), text));
    ["up", "down"].forEach((way, down) => {
      const button = make("button", { type: "button", ariaLabel: `${text.textContent}: ${words[way]}` }, "↑↓"[down]);
      button.addEventListener("click", () => {
        // The neighbour moves, so that the focus stays where it is.
        if (down) item.before(item.nextElementSibling);
        else item.after(item.previousElementSibling);
        number();
        list.closest("form").dataset.touched = 1;
        if (button.disabled) item.querySelector("button:enabled").focus();
        news.textContent = item.querySelector(".text").textContent;
      });
      item.append(button);
    });
    list.append(item);
  });
  number();
};

// A talk is walked through here and sent when it ends.

const talkReplies = (talk, node) => {
  talk.querySelector(".replies")?.remove();
  const replies = [...node.querySelectorAll("[data-value]")].map((reply) =>
    make("button", {
      name: "answer",
      value: reply.dataset.value,
      className: "reply",
      innerHTML: reply.firstElementChild.innerHTML,
    }),
  );
  if (replies.length) talk.querySelector(".nodes").before(make("div", { className: "replies" }, ...replies));
};
const nodeOf = (talk, key) => talk.querySelector(`[data-node="${CSS.escape(key)}"]`);
const lines = (node) => [...node.querySelector(".lines").children].map((line) => line.cloneNode(true));

const restart = (talk) => {
  const start = nodeOf(talk, talk.dataset.start);
  talk.querySelector(".log").replaceChildren(...lines(start));
  talkReplies(talk, start);
  talk.querySelector(".reply")?.focus();
};

// True when the talk has ended and can be sent.
const stepOn = (talk, value) => {
  const log = talk.querySelector(".log");
  const steps = log.querySelectorAll("input");
  const at = nodeOf(talk, steps.length ? steps[steps.length - 1].value.split(":")[0] : talk.dataset.start);
  const reply = [...at.querySelectorAll("[data-value]")].find((one) => one.dataset.value === value);
  const next = nodeOf(talk, value.split(":")[0]);
  const mine = make("p", { className: "mine" }, make("b", {}, talk.dataset.me), " ");
  mine.insertAdjacentHTML("beforeend", reply.firstElementChild.innerHTML);
  const aside = reply.querySelector(".aside");
  log.append(mine, ...(aside ? [aside.cloneNode(true)] : []), ...lines(next));
  log.append(make("input", { type: "hidden", name: "answer", value }));
  talkReplies(talk, next);
  talk.querySelector(".reply")?.focus({ preventScroll: true });
  mine.scrollIntoView({ block: "nearest" });
  return "end" in next.dataset;
};

// With plain words on, the meaning stands beside the word.
const gloss = (section) => {
  if (!document.documentElement.classList.contains("easy")) return;
  section.querySelectorAll("a.w").forEach((link) => {
    const meaning = document.querySelector(`#w-${link.dataset.w} dd`)?.firstChild.textContent.split(".")[0].trim();
    if (meaning) link.after(make("span", { className: "hint", textContent: `(${meaning})` }));
  });
};

const enhance = (section) => {
  gloss(section);
  section.querySelectorAll(".order").forEach(enhanceOrder);
  section.querySelectorAll("[data-tick]").forEach((tick) => {
    const key = `tick:${texts.who}:${location.pathname}:${section.id}:${tick.dataset.tick}`;
    tick.checked = key in box;
    tick.addEventListener("change", () => {
      if (tick.checked) box[key] = 1;
      else delete box[key];
    });
  });
  const form = section.querySelector("form");
  const fields = typed(form);
  if (fields.length && !("shared" in texts)) {
    const kept = visit[draftKey(form)];
    if (kept) {
      JSON.parse(kept).forEach((value, index) => fields[index] && (fields[index].value = value));
      form.dataset.touched = 1;
    }
    form.addEventListener("input", () => {
      visit[draftKey(form)] = JSON.stringify(fields.map((field) => field.value));
    });
  }
};

// Put a question as the server sees it now in the place of the one that was answered.
const exchange = (section, html) => {
  const piece = make("template", { innerHTML: html });
  const fresh = piece.content.querySelector(".question");
  // A reply that was pressed last is gone already: then nothing holds the focus.
  const at = document.activeElement;
  const held = at === document.body || section.contains(at);
  const news = [...fresh.querySelector(".result").childNodes];
  fresh.querySelector(".result").replaceChildren();
  section.replaceWith(fresh);
  enhance(fresh);
  if (held) (fresh.querySelector("[data-again], form > button") ?? fresh).focus({ preventScroll: true });
  // Said aloud only when it comes into a place that is already there.
  setTimeout(() => {
    const place = fresh.querySelector(".result");
    place.append(...news);
    place.scrollIntoView({ block: "nearest" });
  }, 60);
};

const answer = (form) => {
  const section = form.closest(".question");
  const result = section.querySelector(".result");
  const tell = (text, href) =>
    result.replaceChildren(
      make("p", { className: "notice" }, href ? make("a", { href, textContent: text }) : text),
    );
  delete form.dataset.touched;
  const empty = firstEmpty(form);
  if (empty) {
    tell(screens.dataset.empty);
    empty.focus();
    return;
  }
  const fields = new FormData(form);
  fields.set("id", newId());
  const button = form.querySelector(":scope > button");
  const wait = (text, href) => {
    button?.removeAttribute("aria-busy");
    tell(text, href);
  };
  if (button?.ariaBusy === "true") return;
  if (button) button.ariaBusy = "true";
  post(
    form.action,
    fields,
    async (response) => {
      if (!response?.ok && response?.status !== 422) {
        wait(response ? texts.refused : texts.kept);
        return;
      }
      if (response.ok) delete visit[draftKey(form)];
      exchange(section, await response.text());
    },
    wait,
  );
};

addEventListener("kept", ({ detail }) => {
  const form = [...screens.querySelectorAll(".question > form")].find((one) => one.action === detail.url);
  if (form && !form.dataset.touched) exchange(form.parentElement, detail.html);
});

// What was chosen or typed and not sent yet. Ticks of a checklist stay on the device.
screens.addEventListener("input", ({ target }) => {
  if (target.form && !("tick" in target.dataset)) target.form.dataset.touched = 1;
});

screens.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.matches(".next")) {
    event.preventDefault();
    const unsent = form.parentElement.querySelector("[data-touched]");
    if (unsent) {
      // Whoever chooses and goes on means it as an answer. A second press leaves it.
      answer(unsent);
      return;
    }
    const fields = new FormData(form);
    if (button?.name) fields.set(button.name, button.value);
    const index = current();
    const following = all[index + 1];
    if (following) {
      post(form.action, fields);
      history.pushState(null, "", `#${following.id}`);
      route();
    } else {
      // Only from here, not when the learner has gone elsewhere meanwhile.
      post(form.action, fields, (response) => {
        if (response?.ok && current() === index) location.assign(screens.dataset.end);
      });
    }
  } else if (form.matches(".tools")) {
    event.preventDefault();
    const on = button.value === "yes";
    post(form.action, { on: button.value });
    button.value = on ? "no" : "yes";
    button.ariaPressed = on;
  } else if (form.parentElement.matches(".question")) {
    event.preventDefault();
    const talk = form.querySelector(".talk");
    if (!talk) answer(form);
    else if (button && stepOn(talk, button.value)) answer(form);
  }
});
screens.addEventListener("click", (event) => {
  // The second half of a double click would skip the next screen unseen.
  if (event.detail > 1 && event.target.closest(".next")) event.preventDefault();
  const again = event.target.closest("[data-again]");
  if (!again) return;
  event.preventDefault();
  const section = again.closest(".question");
  section.querySelector(".result").replaceChildren();
  again.parentElement.hidden = true;
  restart(section.querySelector(".talk"));
});

// Words open in a sheet.

let sheet;
main.addEventListener("click", (event) => {
  const link = event.target.closest("a.w");
  const entry = link && document.getElementById(`w-${link.dataset.w}`);
  if (!entry || !window.HTMLDialogElement) return;
  event.preventDefault();
  const form = entry.querySelector("form");
  const keep = make("button", { className: "primary", textContent: screens.dataset.keep });
  const close = make("button", { className: "quiet", textContent: screens.dataset.close });
  const title = make("h2", { id: "sheet", innerHTML: entry.querySelector("dt").innerHTML });
  const meaning = make("p", { innerHTML: entry.querySelector("dd").innerHTML });
  sheet = make("dialog", {}, title, meaning, make("p", { className: "row" }, keep, close));
  sheet.setAttribute("aria-labelledby", "sheet");
  const take = () => {
    post(form.action, {});
    keep.textContent = screens.dataset.have;
    keep.ariaDisabled = "true";
  };
  keep.addEventListener("click", take, { once: true });
  close.addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (tap) => tap.target === sheet && sheet.close());
  sheet.addEventListener("close", () => {
    sheet.remove();
    link.focus({ preventScroll: true });
  });
  main.append(sheet);
  sheet.showModal();
});
// Reading aloud

const speech = window.speechSynthesis;
const listen = main.querySelector("[data-listen]");
const read = () => {
  speech?.cancel();
  if (!speech || !visit.listen) return;
  const spoken = ".block:not(.question), .prompt, .option, .order li, .log, .reply, .result";
  const parts = all[current()].querySelectorAll(spoken);
  parts.forEach((part) =>
    part.innerText.split("\n").forEach((line) => {
      if (!line.trim()) return;
      const words = new SpeechSynthesisUtterance(line);
      words.lang = screens.lang === "ko" ? "ko-KR" : screens.lang;
      speech.speak(words);
    }),
  );
};
if (speech) {
  listen.hidden = false;
  listen.ariaPressed = "listen" in visit;
  speech.getVoices();
  listen.addEventListener("click", () => {
    const on = !visit.listen;
    if (on) visit.listen = 1;
    else delete visit.listen;
    listen.ariaPressed = on;
    const able = speech.getVoices().some((voice) => voice.lang.startsWith(screens.lang));
    main.querySelector("[data-no-voice]").hidden = able || !on;
    read();
  });
  addEventListener("pagehide", () => speech.cancel());
}

// Begin

screens.classList.add("paged");
bar.hidden = false;
history.scrollRestoration = "manual";
main.querySelectorAll(".block").forEach((block) => (block.matches(".question") ? enhance : gloss)(block));
const begin = document.getElementById(`b-${screens.dataset.last}`)?.closest(".screen") ?? all[0];
if (!all.length) bar.hidden = true;
else {
  show(begin);
  if (!route() && location.hash.length < 2 && !notice) history.replaceState(null, "", `#${begin.id}`);
}
addEventListener("hashchange", () => {
  if (!route() && location.hash.length < 2 && notice) {
    main.classList.remove("alt");
    notice.hidden = false;
  }
});
