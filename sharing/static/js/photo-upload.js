/* Choosing and sending photos: from the camera or the library, several at once, each with its own bar.
   A lost connection or a reload only delays them. The form works without this script. */
import { forget, keep, left } from "./kept-files.js";
import { cancel, Refused, send } from "./resumable.js";

const AT_ONCE = 2;

const form = document.querySelector("form[data-upload]");
const list = form.querySelector("[data-previews]");
const status = form.querySelector("[data-upload-status]");
const words = status.dataset;
const pattern = form.querySelector("template[data-photo]");
const inputs = [...form.querySelectorAll('input[type="file"]')];
const queue = [];
let going = 0;
let arrived = 0;

const show = (item, text, failed = false) => {
  item.note.textContent = text;
  item.tile.toggleAttribute("data-failed", failed);
};

const tileOf = (item) => {
  item.tile = pattern.content.firstElementChild.cloneNode(true);
  item.note = item.tile.querySelector("[data-note]");
  item.bar = item.tile.querySelector("progress");
  item.bar.setAttribute("aria-label", item.file.name);
  item.tile.querySelector("[data-name]").textContent = item.file.name;
  const remove = item.tile.querySelector("[data-remove]");
  remove.setAttribute("aria-label", `${remove.getAttribute("aria-label")}: ${item.file.name}`);
  remove.addEventListener("click", () => takeBack(item));
  const image = new Image();
  image.alt = "";
  image.src = URL.createObjectURL(item.file);
  image.onload = () => {
    URL.revokeObjectURL(image.src);
    item.tile.querySelector(".photo-tile__picture .icon").remove();
  };
  /* Most browsers cannot draw HEIC; the server can. */
  image.onerror = () => image.remove();
  item.tile.querySelector(".photo-tile__picture").append(image);
  list.append(item.tile);
};

const add = (file, more = {}) => {
  const item = { id: crypto.randomUUID?.() ?? String(Math.random()), file, state: "chosen", ...more };
  queue.push(item);
  tileOf(item);
  if (!file.size || file.size > Number(form.dataset.most)) {
    item.state = "failed";
    show(item, file.size ? words.heavy : words.empty, true);
  }
  return item;
};

const drop = (item) => {
  queue.splice(queue.indexOf(item), 1);
  item.tile.remove();
  forget(item.id);
};

const takeBack = (item) => {
  if (item.upload) cancel(item.upload);
  item.state = "gone";
  drop(item);
  (form.querySelector("[data-remove]") ?? inputs[inputs.length - 1]).focus();
};

const fail = (item, error) => {
  item.state = "failed";
  const loggedOut = error.status === 401 || error.status === 403;
  show(item, loggedOut ? words.loggedOut : error.message || words.failed, true);
  if (!loggedOut) forget(item.id);
};

const sendOne = async (item) => {
  const kept = () =>
    keep({ id: item.id, path: location.pathname, file: item.file, url: item.upload.url, metadata: item.metadata });
  item.state = "going";
  item.bar.hidden = false;
  show(item, words.sending);
  item.upload = {
    file: item.file,
    url: item.url,
    endpoint: form.dataset.endpoint,
    metadata: item.metadata,
    csrf: form.elements.csrfmiddlewaretoken.value,
    begun: kept,
    progress: (share) => {
      item.bar.value = 100 * share;
    },
    waiting: () => show(item, words.waiting),
    going: () => show(item, words.sending),
  };
  try {
    await kept();
    await send(item.upload);
    if (item.upload.cancelled) return;
    arrived += 1;
    photographed = item.metadata.trial_item_id;
    drop(item);
    window.htmx?.ajax("GET", form.dataset.shelves, { target: "#shelves", swap: "outerHTML" });
  } catch (error) {
    if (item.state !== "gone") fail(item, error instanceof Refused ? error : new Refused(words.failed));
  }
};

const nextFrame = () => document.getElementById("shelves")?.dataset.next;
/* The frame whose photo has just arrived, until the next one is chosen. */
let photographed = "";

/* Not each time the shelves are drawn: what she has chosen herself since stays chosen. */
const chooseNextFrame = () => {
  const next = nextFrame();
  if (!photographed || !next || next === photographed || queue.length) return;
  photographed = "";
  form.querySelector(`input[name="frame"][value="${CSS.escape(next)}"]`).checked = true;
};

const finished = () => {
  const button = form.querySelector('button[type="submit"]');
  button.removeAttribute("aria-busy");
  if (arrived) status.textContent = `${words.arrived} ${arrived}`;
  else status.textContent = "";
  arrived = 0;
};

const pump = async () => {
  while (going < AT_ONCE) {
    const item = queue.find((each) => each.state === "ready");
    if (!item) break;
    going += 1;
    item.state = "going";
    sendOne(item).finally(() => {
      going -= 1;
      if (queue.some((each) => each.state === "ready")) pump();
      else if (!going) finished();
    });
  }
};

const start = (items) => {
  if (!items.length) return;
  form.querySelector('button[type="submit"]').setAttribute("aria-busy", "true");
  status.textContent = "";
  for (const item of items) item.state = "ready";
  pump();
};

for (const input of inputs) {
  input.addEventListener("change", () => {
    for (const file of input.files) add(file);
    /* The same photo may be chosen again, and the form itself sends none. */
    input.value = "";
    status.textContent = "";
  });
}

const place = form.querySelector("[data-drop]");
for (const name of ["dragover", "dragleave", "drop"]) {
  place.addEventListener(name, (event) => {
    event.preventDefault();
    place.toggleAttribute("data-over", name === "dragover");
    if (name === "drop") for (const file of event.dataTransfer.files) add(file);
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const metadata = {
    trial_item_id: new FormData(form).get("frame"),
    consent_version: form.dataset.consent,
  };
  /* What failed for want of a log-in or a connection may be tried again by the same button. */
  const items = queue.filter((item) => item.state === "chosen" || (item.state === "failed" && item.upload));
  for (const item of items) item.metadata ??= metadata;
  if (items.length) start(items);
  else {
    status.textContent = words.none;
    inputs[inputs.length - 1].focus();
  }
});

document.addEventListener("htmx:afterSwap", chooseNextFrame);

left(location.pathname).then((entries) => {
  start(entries.map(({ id, file, url, metadata }) => add(file, { id, url, metadata })));
});
