/* Scanner station: keeps the focus on the scan field, so that a scanner which types and presses
   Enter always hits it, takes codes one after the other in the order they were scanned, and sounds
   a tone for each answer. The server's answer carries data-scan-state: "ok", "refused", "stray"
   (a unit of another box) or "ready". */
const station = document.querySelector("[data-station]");
const field = station?.querySelector("[data-scan-field]");
const TONES = { ok: [[880, 0], [1320, 0.09]], refused: [[196, 0], [147, 0.18]], stray: [[660, 0], [440, 0.14], [660, 0.28]] };
const LENGTH = { ok: 0.08, refused: 0.22, stray: 0.1 };
let audio;

const sound = (state) => {
  if (!TONES[state]) return;
  audio ??= new AudioContext();
  for (const [pitch, wait] of TONES[state]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + wait;
    tone.type = state === "ok" ? "sine" : "square";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH[state]);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + LENGTH[state]);
  }
};

const catchFocus = () => {
  if (!document.activeElement?.matches("input, select, textarea, dialog *")) {
    field.focus({ preventScroll: true });
  }
};

const answered = () => {
  sound(station.querySelector("[data-scan-state]")?.dataset.scanState);
  field.focus();
};

/* Codes that were scanned and not answered yet; the first is on its way. */
const codes = [];
let failed = false;

/* A scan may open another page. What was scanned meanwhile, or is half typed, is for that page:
   it is kept while this one goes and taken first by the next. */
const KEPT = "scans";
let leaving = false;

const keep = () => {
  if (leaving && (codes.length > 0 || field.value)) {
    sessionStorage.setItem(KEPT, JSON.stringify({ codes, typed: field.value }));
  }
};

const takeKept = () => {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  codes.push(...kept.codes);
  field.value = kept.typed + field.value;
};

const enter = () => {
  const code = field.value.trim();
  field.value = "";
  if (code) codes.push(code);
};

/* What was scanned before this script ran (early-keys.js) comes after what the page before kept. */
const takeEarly = () => {
  for (const key of window.takeEarlyKeys?.() ?? []) {
    if (key === "Enter") enter();
    else field.value += key;
  }
};

/* What was not taken is named, for its label may be out of reach by now. */
const refuse = () => {
  const screen = document.getElementById("scan-lost").content.firstElementChild.cloneNode(true);
  const reason = screen.querySelector(".station__reason");
  reason.textContent = reason.textContent.replace("{codes}", codes.join(", "));
  station.querySelector("#scan-answer").replaceChildren(screen);
  codes.length = 0;
  answered();
};

const send = async (form) => {
  while (codes.length > 0 && !leaving) {
    failed = false;
    const note = station.querySelector("[data-scan-note]");
    const values = { [field.name]: codes[0], ...(note ? { [note.name]: note.value } : {}) };
    try {
      await htmx.ajax("POST", form.action, {
        source: form,
        target: form.getAttribute("hx-target"),
        values,
      });
    } catch {
      failed = true;
    }
    if (failed) refuse();
    else codes.shift();
  }
};

if (field) {
  field.focus();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, input, select, textarea, label, summary")) catchFocus();
  });
  window.addEventListener("focus", catchFocus);
  document.addEventListener("keydown", (event) => {
    /* The first key of a scan lands in the field even when a button has the focus. */
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) catchFocus();
    /* A note ends by Enter; it must not press the first verdict. */
    if (event.key === "Enter" && event.target.matches("[data-scan-note]")) {
      event.preventDefault();
      field.focus();
    }
  });
  /* Before htmx sees it: it would read the field only once the answer before has come. */
  field.form.parentElement.addEventListener(
    "submit",
    (event) => {
      if (event.target !== field.form) return;
      event.preventDefault();
      event.stopPropagation();
      const waiting = codes.length;
      enter();
      if (codes.length > waiting && waiting === 0 && !leaving) send(field.form);
    },
    { capture: true },
  );
  station.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.getResponseHeader("HX-Redirect")) leaving = true;
  });
  /* A form without htmx opens a page, too. */
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) leaving = true;
  });
  window.addEventListener("pagehide", keep);
  /* What is swapped out of band tells of itself, too: one answer sounds once. */
  station.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.closest("#scan-answer")) answered();
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    station.addEventListener(name, (event) => {
      if ([409, 422, 429].includes(event.detail.xhr?.status)) return;
      failed = true;
      if (codes.length > 0) return;
      /* A verdict's button was pressed: its number is not in the queue. */
      codes.push(event.detail.requestConfig.parameters[field.name]);
      refuse();
    });
  }
  takeKept();
  takeEarly();
  if (codes.length > 0) send(field.form);
}
