// Small comforts for those who have JavaScript; every page works without it.

for (const text of document.querySelectorAll("[data-copy]")) {
  text.addEventListener("click", () => {
    const selection = window.getSelection();
    const range = document.createRange();
    range.selectNodeContents(text);
    selection.removeAllRanges();
    selection.addRange(range);
    navigator.clipboard?.writeText(text.textContent);
  });
}

// On a narrow screen the menu of a study is one line: it begins where one is.
const here = document.querySelector(".desk-menu [aria-current]");
const menu = here?.closest("ul");
if (menu) menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;

// A filter shows what it leaves at once, in place, so that the focus stays where it is. How many that are is told in
// the form itself, whose line is never replaced: that is what screen readers follow.
for (const form of document.querySelectorAll("form.filter")) {
  let asked = 0;
  let pause;
  const show = async () => {
    clearTimeout(pause);
    const mine = ++asked;
    const fields = [...new FormData(form)].filter(([, value]) => value);
    const address = `${form.action}?${new URLSearchParams(fields)}`;
    const answer = await fetch(address).catch(() => null);
    if (mine !== asked) return;
    if (!answer?.ok) return form.submit();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form.filter");
    if (mine !== asked || !fresh) return;
    while (form.nextSibling) form.nextSibling.remove();
    while (fresh.nextSibling) form.parentNode.append(fresh.nextSibling);
    const told = form.querySelector("[role=status]");
    if (told) told.textContent = fresh.querySelector("[role=status]").textContent;
    document.querySelector(".language").href = page.querySelector(".language").getAttribute("href");
    history.replaceState(null, "", address);
  };
  form.addEventListener("change", (event) => event.target.type !== "search" && show());
  form.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(pause);
    pause = setTimeout(show, 300);
  });
}

// What takes a while shows how far it has come, in place, and in the end all that there is to see.
for (const box of document.querySelectorAll('[data-progress]:not([data-progress=""])')) {
  const look = async () => {
    const answer = await fetch(box.dataset.progress).catch(() => null);
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page && page.querySelector("[data-progress]");
    if (fresh && !fresh.dataset.progress) return location.replace(box.dataset.progress);
    const told = fresh?.querySelector("[role=status]")?.textContent;
    if (told && told !== box.querySelector("[role=status]").textContent) {
      for (const part of ["[role=status]", ".figures"]) {
        const [here, there] = [box, fresh].map((at) => at.querySelector(part));
        if (here && there) here.innerHTML = there.innerHTML;
      }
      const bar = box.querySelector("progress");
      if (bar) bar.value = fresh.querySelector("progress")?.value ?? bar.max;
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
}

// What is done in parts goes on by itself.
for (const form of document.querySelectorAll("form[data-continue]")) form.requestSubmit();

// What a researcher typed and did not send yet is not left behind without a question, in whichever form of a page it
// stands. A form that is shown again, since something was wrong or more room was asked for, was typed in before.
const isChanged = (field) => {
  if (field.type === "password" || field.disabled) return false;
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  return field.selectedOptions[0] !== ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]);
};
const isUnsaved = (form) =>
  form.hasAttribute("data-unsaved") ||
  form.querySelector(".error") !== null ||
  [...form.elements].some((field) => field.matches("input, select, textarea") && isChanged(field));
let sent = null;
const leave = (event) => {
  const forms = document.querySelectorAll("main form[method=post]:not([data-sheet], [data-loose])");
  if ([...forms].some((form) => form !== sent && isUnsaved(form))) event.preventDefault();
  sent = null;
};
const watch = () => window.addEventListener("beforeunload", leave);
document.addEventListener("submit", ({ target, submitter }) => (sent = submitter?.formTarget ? sent : target));
// A page on which nothing was typed is left without delay.
document.addEventListener("input", watch, { once: true });
if (document.querySelector("[data-unsaved], main form .error")) watch();

/**
 * The words of a letter: a placeholder is put in by a press, one that the letter does not know is told beside its
 * field, and the preview follows what is typed.
 */
class Letters {
  /** How long nobody types before the preview is renewed, in milliseconds. */
  static REST = 800;

  constructor(form) {
    this.form = form;
    this.timers = new Map();
    this.shown = 0;
    this.fields = [...form.querySelectorAll("[data-knows]")];
    this.last = null;
    for (const field of this.fields) {
      field.addEventListener("focus", () => (this.last = field));
      field.addEventListener("input", () => this.typed(field));
    }
    for (const offers of form.querySelectorAll("[data-offers]")) offers.hidden = false;
    for (const button of form.querySelectorAll("[data-insert]")) {
      button.addEventListener("click", () => this.insert(button));
    }
  }

  /** Puts a placeholder where one typed last in its language: in the letter, unless that was a subject that knows it. */
  insert(button) {
    const placeholder = button.dataset.insert;
    const section = button.closest("section");
    const isHere = this.last && section.contains(this.last) && this.last.dataset.knows.split(" ").includes(placeholder);
    const field = isHere ? this.last : section.querySelector("textarea");
    field.focus();
    field.setRangeText(placeholder, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  typed(field) {
    const button = field.closest("section").querySelector("[data-preview]");
    const others = this.fields.filter((other) => other.closest("section") === field.closest("section"));
    clearTimeout(this.timers.get(button));
    const isSound = others.map((other) => this.check(other)).every(Boolean);
    if (isSound) this.timers.set(button, setTimeout(() => this.show(button), Letters.REST));
  }

  /** Says beside a field which placeholder it does not know; whether it knows all. */
  check(field) {
    const knows = field.dataset.knows.split(" ");
    const named = [...field.value.matchAll(/\{\{(.*?)\}\}/gs)].map(([, inner]) => `{{${inner.trim()}}}`);
    const stranger = named.find((name) => !knows.includes(name));
    const id = `${field.id}-error`;
    let line = document.getElementById(id);
    if (!line && stranger) {
      line = Object.assign(document.createElement("p"), { className: "error", id });
      line.setAttribute("role", "status");
      field.before(line);
    }
    const said = stranger ? this.form.dataset.unknown.replace("{name}", stranger) : "";
    if (line && line.textContent !== said) line.textContent = said;
    if (stranger) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", id);
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    return !stranger;
  }

  /** Loads the draft into a fresh frame, which adds nothing to the history, and lets it take the place of the old. */
  show(button) {
    const old = this.form.querySelector(`iframe[name="${button.formTarget}"]`);
    const fresh = old.cloneNode();
    fresh.removeAttribute("src");
    fresh.hidden = true;
    // A frame keeps the name with which it was made, so each gets another.
    fresh.name = `letter-${++this.shown}`;
    old.after(fresh);
    button.formTarget = fresh.name;
    fresh.addEventListener("load", () => {
      fresh.hidden = false;
      fresh.dataset.fresh = "";
      old.remove();
    });
    this.form.requestSubmit(button);
  }
}

for (const form of document.querySelectorAll("[data-letters]")) new Letters(form);

// The sheet of an interview: its notes save themselves, also when the connection comes and goes.
//
// What was typed and is not yet known to be saved is kept in localStorage, under
// `veldwerk.sheet/<person>/<interview>/<page>`: one entry for each open page, so that two windows never write over
// each other's. It is taken away as soon as the server has it. A page that was closed leaves its entry, and the next
// page of that sheet takes it in. The server knows an answer by its revision and refuses to write over a newer one.

const signOut = document.querySelector('form[action="/sign-out"]');
const NOTES = `veldwerk.sheet/${signOut?.dataset.person}/`;
const TALKS = `veldwerk.talk/${signOut?.dataset.person}/`;

const device = {
  keys: (prefix) => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
  read: (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  /** Keeps a value, or takes it away; false where the browser keeps nothing. */
  keep: (key, value) => {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
};

const isSame = (a, b) => a.state === b.state && a.note === b.note;
const lines = (text) => (text ?? "").replace(/\r\n?/g, "\n");
const both = (theirs, mine) => (!theirs || mine.includes(theirs) ? mine : mine ? `${theirs}\n\n${mine}` : theirs);

/** One question of the sheet: what its fields hold, what the server had last, and what is on its way there. */
class Question {
  constructor(box, [key, revision]) {
    this.box = box;
    this.key = key;
    this.field = box.querySelector("textarea");
    this.field.id = this.field.name;
    this.states = [...box.querySelectorAll('[type="radio"]')];
    this.base = {
      revision: Number(revision ?? 0),
      state: box.dataset.keptState ?? this.states.find((state) => state.defaultChecked)?.value ?? "",
      note: lines(box.dataset.keptNote ?? this.field.defaultValue),
    };
    this.sent = null;
    this.theirs = null;
    this.refusal = null;
  }

  get mine() {
    const note = lines(this.field.value);
    return { state: this.states.find((state) => state.checked)?.value ?? "", note: note.trim() ? note : "" };
  }

  set mine({ state, note }) {
    for (const choice of this.states) choice.checked = choice.value === state;
    if (this.field.value !== note) this.field.value = note;
  }

  get isUnsaved() {
    return !isSame(this.mine, this.base);
  }

  /** A question with a note was asked, unless somebody says otherwise. */
  typed() {
    if (this.mine.note && !this.mine.state) this.mine = { ...this.mine, state: "asked" };
    this.refuse(null);
  }

  /** Takes in what the server has. Where both sides changed the same thing, both are kept and a person decides. */
  meet(theirs) {
    if (this.sent && isSame(this.sent, theirs)) this.base = { ...this.base, ...this.sent };
    if (theirs.revision === this.base.revision && isSame(theirs, this.base)) return;
    const mine = this.mine;
    const settle = (was, here, there) => (here === there || there === was ? here : here === was ? there : null);
    const state = settle(this.base.state, mine.state, theirs.state);
    const note = settle(this.base.note, mine.note, theirs.note);
    this.theirs = state === null || note === null ? theirs : null;
    if (!this.theirs) {
      this.base = theirs;
      this.sent = null;
      if (!isSame(mine, { state, note })) this.mine = { state, note };
    }
    this.showTheirs();
  }

  /** Ends a conflict as the person chose. */
  decide(choice) {
    const { theirs, mine } = this;
    if (choice === "theirs") this.mine = theirs;
    if (choice === "both") this.mine = { state: mine.state || theirs.state, note: both(theirs.note, mine.note) };
    this.base = theirs;
    this.sent = this.theirs = null;
    this.showTheirs();
    this.field.focus();
  }

  showTheirs() {
    this.box.querySelector(".overtaken")?.remove();
    if (!this.theirs) return;
    const box = document.querySelector("[data-overtaken-box]").content.cloneNode(true);
    const chosen = this.states.find((state) => state.value === this.theirs.state);
    box.querySelector("[data-their-state]").textContent = chosen.parentNode.textContent.trim();
    box.querySelector("[data-their-note]").textContent = this.theirs.note;
    this.box.append(box);
  }

  /** Says beside the note why the server does not take it. */
  refuse(reason) {
    this.refusal = reason;
    const id = `${this.field.name}-error`;
    document.getElementById(id)?.remove();
    this.field.removeAttribute("aria-invalid");
    this.field.removeAttribute("aria-describedby");
    if (!reason) return;
    const message = Object.assign(document.createElement("p"), { className: "error", id, textContent: reason });
    this.field.closest("label").before(message);
    this.field.setAttribute("aria-invalid", "true");
    this.field.setAttribute("aria-describedby", id);
  }
}

class Sheet {
  /** How long nobody types before a note is sent, and how long somebody may type on, in milliseconds. */
  static REST = 700;
  static LONGEST = 5000;
  /** How long an answer of the server may take, and after how long it is said that there is none yet. */
  static PATIENCE = 15000;
  static SLOW = 8000;

  constructor(form) {
    this.form = form;
    this.path = new URL(form.action).pathname;
    this.place = `${NOTES}${this.path.split("/")[2]}/`;
    this.own = this.place + [...crypto.getRandomValues(new Uint32Array(2))].join("-");
    const seen = form.elements.seen.value.split(" ").map((told) => told.split(":"));
    this.questions = [...form.querySelectorAll("fieldset")].map((box, number) => new Question(box, seen[number]));
    this.failures = 0;
    this.isSignedOut = false;
    this.savedAt = null;
    this.keepsHere = true;
  }

  async open() {
    for (const hidden of this.form.querySelectorAll("[data-keys], [data-privacy]")) hidden.hidden = false;
    this.form.classList.add("is-live");
    for (const kind of ["input", "change"]) {
      this.form.addEventListener(kind, (event) => this.typed(event.target));
    }
    this.form.addEventListener("click", (event) => this.pressed(event.target));
    this.form.addEventListener("keydown", (event) => this.keyed(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    window.addEventListener("online", () => this.send());
    window.addEventListener("pageshow", (event) => event.persisted && this.send());
    document.addEventListener("visibilitychange", () => this.send());
    window.addEventListener("beforeunload", (event) => !this.keepsHere && event.preventDefault());
    await this.takeIn();
    this.send();
  }

  questionOf(element) {
    return this.questions.find((question) => question.box.contains(element));
  }

  typed(element) {
    this.questionOf(element)?.typed();
    this.changed();
  }

  changed() {
    this.keep();
    this.firstTyped ??= Date.now();
    this.later(Math.min(Sheet.REST, Math.max(0, this.firstTyped + Sheet.LONGEST - Date.now())));
  }

  pressed(element) {
    const choice = element.dataset.keep;
    const question = this.questionOf(element);
    if (!choice || !question) return;
    question.decide(choice);
    this.keep();
    this.send();
  }

  keyed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const question = this.questionOf(event.target);
    if (event.key === "Enter" && question) {
      event.preventDefault();
      const { state, note } = question.mine;
      question.mine = { state: event.shiftKey ? "skipped" : state || "asked", note };
      this.changed();
      const next = this.questions[this.questions.indexOf(question) + 1];
      (next?.field ?? this.form.querySelector(".actions-stay button")).focus();
      next?.box.scrollIntoView({ block: "start" });
    } else if (event.key.toLowerCase() === "s" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  /** Keeps on the device what the server does not have yet, and nothing else. */
  keep() {
    const unsaved = this.questions.filter((question) => question.isUnsaved || question.theirs);
    const drafts = unsaved.map(({ key, base, sent, mine }) => [key, { base, sent, ...mine }]);
    this.keepsHere = device.keep(this.own, unsaved.length ? Object.fromEntries(drafts) : null);
    if (unsaved.length && !this.unsavedSince) setTimeout(() => this.tell(), Sheet.SLOW);
    this.unsavedSince = unsaved.length ? (this.unsavedSince ?? Date.now()) : null;
    this.tell();
  }

  /** Takes over what pages of this sheet left behind that are not open any more. */
  async takeIn() {
    navigator.locks?.request(this.own, () => new Promise(() => {}));
    const locks = (await navigator.locks?.query())?.held ?? [];
    const open = new Set(locks.map((lock) => lock.name));
    for (const left of device.keys(this.place)) {
      if (left === this.own || open.has(left)) continue;
      const strays = Object.entries(device.read(left) ?? {}).filter(([key, draft]) => !this.adopt(key, draft));
      this.keep();
      if (this.keepsHere) device.keep(left, strays.length ? Object.fromEntries(strays) : null);
      for (const [, draft] of strays) this.showStray(left, draft);
    }
  }

  /** Puts a note that was left behind into its field; false when the guide has no such question any more. */
  adopt(key, draft) {
    const question = this.questions.find((question) => question.key === key);
    if (!question) return false;
    const mine = question.mine;
    if (question.isUnsaved) {
      question.mine = { state: draft.state, note: both(mine.note, draft.note) };
    } else {
      const stands = question.base;
      question.base = draft.base;
      question.sent = draft.sent;
      question.mine = draft;
      question.meet(stands);
    }
    return true;
  }

  showStray(left, draft) {
    const box = document.querySelector("[data-stray-box]").content.cloneNode(true);
    box.querySelector("[data-their-note]").textContent = draft.note;
    box.querySelector("button").addEventListener("click", (event) => {
      device.keep(left, null);
      event.target.closest(".overtaken").remove();
    });
    this.form.querySelector(".talk-bar").after(box);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  /** Sends what is unsaved, one question after the other; a second call waits for the first. */
  send() {
    clearTimeout(this.timer);
    this.firstTyped = null;
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
      this.keep();
    });
    return this.sending;
  }

  async sendAll() {
    const ready = (question) => question.isUnsaved && !question.theirs && !question.refusal;
    const tried = new Set();
    for (let question; (question = this.questions.find((q) => ready(q) && !tried.has(q))); tried.add(question)) {
      if (!(await this.sendOne(question))) return;
    }
    if (this.questions.some(ready)) this.later(Sheet.REST);
  }

  /** Sends one question; false when the server is out of reach, and then it is tried again later. */
  async sendOne(question) {
    const mine = (question.sent = question.mine);
    this.keep();
    const body = mine.state ? JSON.stringify({ state: mine.state, note: mine.note || null }) : undefined;
    const answer = await this.ask(`/${question.key}`, {
      method: mine.state ? "PUT" : "DELETE",
      headers: { "If-Match": `"q${question.base.revision}"`, ...(body && { "Content-Type": "application/json" }) },
      body,
    });
    if (answer?.ok) {
      question.base = { ...question.base, ...mine };
      this.savedAt = new Date();
    }
    const told = answer?.status === 412 ? await this.ask("", {}) : answer;
    if (!told) return false;
    if (told.ok) this.learn(told.body);
    else question.refuse(told.body.errors?.[0]?.message ?? told.body.detail);
    return true;
  }

  /** What the server answers; nothing when it can't be reached, does not manage or does not know us any more. */
  async ask(rest, options) {
    const token = this.form.querySelector('[name="_csrf"]').value;
    const answer = await fetch(`/api/v1${this.path}${rest}`, {
      ...options,
      headers: { "X-CSRF-Token": token, "Accept-Language": document.documentElement.lang, ...options.headers },
      keepalive: (options.body ?? "").length < 20000,
      signal: AbortSignal.timeout?.(Sheet.PATIENCE),
    }).catch(() => null);
    const body = await answer?.json().catch(() => null);
    this.isSignedOut = answer?.status === 401 || answer?.status === 403;
    const isBusy = !body || answer.status === 429 || answer.status >= 500;
    this.failures = isBusy || this.isSignedOut ? this.failures + 1 : 0;
    if (this.failures === 0) return { ok: answer.ok, status: answer.status, body };
    const wait = Math.min(60, 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.later(1000 * Math.max(wait, Number(answer?.headers.get("Retry-After")) || 0));
    return null;
  }

  /** Takes in a sheet as the server has it. */
  learn({ questions, coverage }) {
    for (const { key, revision, state, note } of questions) {
      const question = this.questions.find((question) => question.key === key);
      question?.meet({ revision, state: state ?? "", note: lines(note) });
    }
    this.form.querySelector("[data-done]").textContent = coverage.all.done;
    this.form.querySelector("[data-left]").textContent = coverage.must_ask_left;
  }

  /** Says how things stand. The line is read out, so it changes only when something else is true. */
  tell() {
    const words = this.form.dataset;
    const unsaved = this.questions.some((question) => question.isUnsaved);
    const asks = this.questions.find((question) => question.theirs || question.refusal);
    const isSlow = this.unsavedSince && Date.now() - this.unsavedSince >= Sheet.SLOW;
    const clock = this.savedAt?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const standings = [
      [unsaved && !this.keepsHere, "unkept"],
      [unsaved && this.isSignedOut, "signedOut"],
      [asks?.theirs, "overtaken"],
      [asks, "refused"],
      [unsaved && (this.failures > 0 || isSlow), "kept"],
      [!unsaved && this.savedAt, "saved"],
    ];
    const [, standing] = standings.find(([holds]) => holds) ?? [];
    const line = this.form.querySelector("[data-status]");
    this.form.querySelector("[data-sign-in]").hidden = standing !== "signedOut";
    const where = this.form.querySelector("[data-where]");
    where.hidden = !asks;
    if (asks) where.href = `#${asks.field.id}`;
    if (!standing) return;
    const said = words[standing].replace("{time}", clock);
    if (line.textContent !== said) line.textContent = said;
    line.dataset.standing = standing;
  }
}

/** The time since the talk began, and the section that it should be in by now. */
class Clock {
  constructor(line, form) {
    this.line = line;
    this.form = form;
    const { starts, now, minutes } = line.dataset;
    this.skew = Number(now) * 1000 - Date.now();
    this.planned = Number(starts) * 1000;
    this.length = Number(minutes) * 60;
    this.key = TALKS + new URL(form.action).pathname.split("/")[2];
    this.begun = device.read(this.key);
  }

  run() {
    const button = this.form.querySelector("[data-begin]");
    const labels = [button.textContent, button.dataset.again];
    const name = () => (button.textContent = labels[this.begun ? 1 : 0]);
    button.hidden = false;
    name();
    button.addEventListener("click", () => {
      this.begun = this.begun ? null : Date.now() + this.skew;
      device.keep(this.key, this.begun);
      name();
      this.tick();
    });
    setInterval(() => this.tick(), 1000);
    this.tick();
  }

  tick() {
    const elapsed = Math.floor((Date.now() + this.skew - (this.begun ?? this.planned)) / 1000);
    const runs = elapsed >= 0 && elapsed < this.length + 3600;
    this.line.querySelector("[data-elapsed-line]").hidden = !runs;
    this.line.querySelector("[data-over]").hidden = !runs || elapsed <= this.length;
    const shown = [Math.floor(elapsed / 60), elapsed % 60].map((part) => String(part).padStart(2, "0")).join(":");
    this.line.querySelector("[data-elapsed]").textContent = shown;
    let from = 0;
    for (const section of this.form.querySelectorAll("[data-section-minutes]")) {
      const seconds = Number(section.dataset.sectionMinutes) * 60;
      const spent = elapsed - from;
      const isNow = runs && spent >= 0 && spent < seconds;
      section.querySelector("[data-is-now]").hidden = !isNow;
      const budget = section.querySelector("[data-budget]");
      if (budget) {
        budget.hidden = !runs;
        budget.value = Math.min(seconds, Math.max(0, spent));
      }
      from += seconds;
    }
  }
}

const sheetForm = document.querySelector("[data-sheet]");
const sheet = sheetForm && new Sheet(sheetForm);
sheet?.open();
const clockLine = document.querySelector("[data-clock]");
if (clockLine) new Clock(clockLine, sheetForm).run();

/** Takes away what the server turned out to have after all; whether anything is left. */
function keepUnsaved(place, questions) {
  const stands = new Map(questions.map(({ key, state, note }) => [key, { state: state ?? "", note: lines(note) }]));
  for (const key of device.keys(place)) {
    const drafts = Object.entries(device.read(key) ?? {});
    if (drafts.every(([name, draft]) => stands.has(name) && isSame(stands.get(name), draft))) device.keep(key, null);
  }
  return device.keys(place).length > 0;
}

// Notes that other sheets left on this device: a link to each, or an end to those that nobody may keep any more.
const notice = document.querySelector("[data-unsent-sheets]");
const elsewhere = new Set(device.keys(NOTES).map((key) => key.slice(NOTES.length).split("/")[0]));
for (const interview of notice ? elsewhere : []) {
  const page = `/interviews/${interview}/sheet`;
  if (page === sheet?.path) continue;
  fetch(`/api/v1${page}`).catch(() => null).then(async (answer) => {
    const told = await answer?.json().catch(() => null);
    // Only our own word for it that they lead nowhere: anything between could answer 403 or 404 as well.
    if (["forbidden", "not_found", "withdrawn"].includes(told?.code)) {
      for (const key of device.keys(`${NOTES}${interview}/`)) device.keep(key, null);
      return;
    }
    const there = answer?.ok ? told : null;
    if (there && !keepUnsaved(`${NOTES}${interview}/`, there.questions)) return;
    const code = there?.interview.code ?? "";
    const link = document.createElement("a");
    link.href = page;
    link.textContent = notice.dataset.unsentSheets.replace("{code}", code).trim();
    notice.append(" ", link);
    notice.hidden = false;
  });
}

// Whoever signs out leaves nothing on the device. What is not saved yet is sent first, or asked about.
signOut?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sheet) await Promise.race([sheet.send(), new Promise((done) => setTimeout(done, 3000))]);
  if (device.keys(NOTES).length > 0 && !confirm(signOut.dataset.unsent)) return;
  for (const key of [...device.keys(NOTES), ...device.keys(TALKS)]) device.keep(key, null);
  signOut.submit();
});
