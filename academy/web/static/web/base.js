// What every page can do: leave quickly, send a form once, and keep what could not be sent yet.
"use strict";
const texts = document.body.dataset;

// Storage may be forbidden; then things are kept for as long as the page is open.
const storage = (name) => {
  try {
    window[name].length;
    return window[name];
  } catch {
    return {};
  }
};
const visit = storage("sessionStorage");
const box = "shared" in texts ? visit : storage("localStorage");
const forget = (which) => Object.keys(visit).filter(which).forEach((key) => delete visit[key]);
// What somebody before left in this tab is not for whoever signs in next.
if (texts.who) forget((key) => key.includes(":") && !key.includes(`:${texts.who}:`));

// Leave quickly

const leave = () => {
  document.body.hidden = true;
  document.title = " ";
  if ("shared" in texts) forget(() => true);
  visit.away = 1;
  fetch("/accounts/away", { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(texts.away);
};
// Whoever presses "back" afterwards is led away again; whoever types the address is at home.
addEventListener("pageshow", (event) => {
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (visit.away && (event.persisted || back)) leave();
  else delete visit.away;
  document.querySelectorAll("form").forEach((form) => delete form.dataset.sent);
});
let escapes = [];
addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    escapes = [...escapes.slice(-2), event.timeStamp];
    if (escapes.length > 2 && event.timeStamp - escapes[0] < 1500) leave();
  },
  true,
);

// The outbox: one entry a post, in order; only the person who wrote it sends it

const prefix = `outbox:${texts.who}:`;
const waiting = new Map();
let count = 0;
let delay = 2000;
let timer;
let busy = false;
const pending = () =>
  Object.keys(box)
    .filter((key) => key.startsWith(prefix))
    .sort();

const say = (text, href) => {
  const place = document.querySelector(".saving");
  if (!place || place.textContent === text) return;
  const line = document.createElement(href ? "a" : "span");
  line.textContent = text;
  if (href) line.href = href;
  place.replaceChildren(...(text ? [line] : []));
  if (text === texts.kept) setTimeout(() => place.textContent === text && place.replaceChildren(), 4000);
};

const settle = (key, response) => {
  waiting.get(key)?.done(response);
  waiting.delete(key);
};

// 200 and 422 are answers; signed out, too busy, broken or unreachable mean later; the rest will never be taken.
const later = (status) => !status || status === 401 || status === 408 || status === 429 || status > 499;

const flushNow = async () => {
  let kept = false;
  for (let key; (key = pending()[0]); ) {
    const item = JSON.parse(box[key]);
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), 20000);
    const response = await fetch(item.url, {
      method: "POST",
      headers: { "X-Part": "1" },
      body: new URLSearchParams(item.body),
      keepalive: true,
      signal: stop.signal,
    }).catch(() => ({}));
    clearTimeout(clock);
    if (later(response.status)) {
      const out = response.status === 401;
      const text = out ? texts.signIn : texts.waiting;
      const href = out && `/accounts/sign-in?next=${encodeURIComponent(location.pathname + location.hash)}`;
      say(text, href);
      waiting.forEach((one) => one.wait?.(text, href));
      if (!out) timer = setTimeout(flush, delay);
      delay = Math.min(delay * 2, 60000);
      return false;
    }
    delete box[key];
    delay = 2000;
    if (response.ok || waiting.has(key)) kept = true;
    else say(texts.refused);
    // What was given on an earlier page: this one was made before it came through.
    if (response.ok && !waiting.has(key))
      dispatchEvent(new CustomEvent("kept", { detail: { url: item.url, html: await response.text() } }));
    settle(key, response);
  }
  // What another tab has sent is no longer in the box.
  [...waiting.keys()].filter((key) => !(key in box)).forEach((key) => settle(key));
  if (kept && document.querySelector(".saving *")) say(texts.kept);
  return true;
};

const flush = async () => {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  // A second tab waits for the first instead of sending the same again.
  const sent = await (navigator.locks?.request(prefix, flushNow) ?? flushNow());
  busy = false;
  if (sent && pending().length) flush();
};

// Keep one post and send it as soon as the network lets us; `done` gets the response, `wait` a text (and a link) meanwhile.
const post = (url, fields, done = () => {}, wait) => {
  count += 1;
  const key = `${prefix}${Date.now()}-${String(count).padStart(4, "0")}`;
  waiting.set(key, { done, wait });
  box[key] = JSON.stringify({ url, body: new URLSearchParams(fields).toString() });
  setTimeout(() => waiting.has(key) && say(texts.waiting), 5000);
  flush();
};

// Only when the page's other scripts are there to hear what became of it.
addEventListener("DOMContentLoaded", () => texts.who && pending().length && flush());
addEventListener("online", () => {
  delay = 2000;
  if (texts.who) flush();
});

// Forms and small helpers

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  const path = new URL(form.action).pathname;
  if (path === "/accounts/away") {
    event.preventDefault();
    leave();
  } else if (form.dataset.sent) {
    event.preventDefault();
  } else if (path === "/accounts/sign-out") {
    event.preventDefault();
    const held = () => Object.keys(box).some((key) => key.startsWith("outbox:"));
    const go = () => {
      if (held() && !confirm(form.parentElement.dataset.unsent)) return;
      forget(() => true);
      form.submit();
    };
    if (held()) Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, 4000))]).then(go);
    else go();
  } else {
    form.dataset.sent = 1;
    // A page that never came can be asked for again.
    setTimeout(() => delete form.dataset.sent, 10000);
  }
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
document.querySelectorAll("[data-fill]").forEach((chip) =>
  chip.addEventListener("click", () => {
    const field = document.querySelector(`[name="${chip.dataset.fill}"]`);
    field.value = chip.textContent;
    field.focus();
  }),
);
// Korean is hard to type unseen, and some keyboards write none into a hidden field.
document.querySelectorAll("[data-reveal]").forEach((button) => {
  const field = document.getElementById(button.dataset.reveal);
  const reveal = (shown) => {
    field.type = shown ? "text" : "password";
    button.ariaPressed = shown;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    reveal(field.type === "password");
    field.focus();
  });
  field.form.addEventListener("submit", () => reveal(false));
});
document.querySelector("[data-certificate-name]")?.addEventListener("input", (event) => {
  document.querySelector("[data-certificate-shown]").textContent = event.target.value || "\u00a0";
});
