/* Lifts messages out of the page as toasts, lets people dismiss them, and shows those that htmx
   answers send: HX-Trigger: {"toast": {"message": "…", "tone": "ok"}}. Where no good answer came
   it says so itself, in the words that the region carries. */
const region = document.getElementById("toasts");
const pattern = document.getElementById("toast-pattern");
const STAYS = 7000;

const settle = (toast) => {
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  /* Refusals and warnings stay until they are read. */
  if (!["ok", "info", "success"].includes(toast.dataset.tone)) return;
  let timer = setTimeout(() => toast.remove(), STAYS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(() => toast.remove(), STAYS);
  });
};

const show = ({ message, tone = "info" }, about = "") => {
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.dataset.about = about;
  toast.querySelector("[data-message]").textContent = message;
  region.append(toast);
  settle(toast);
};

const said = (about) => region.querySelector(`[data-about="${about}"]`);

/* A page that asks every two seconds would say the same over and over. */
const complain = (about) => {
  if (!said(about)) show({ message: region.dataset[about], tone: "danger" }, about);
};

/* A scanner's station says it on its own screen. */
const elsewhere = (event) => event.target.closest?.("[data-station]");

if (region) {
  region.querySelectorAll(".toast").forEach(settle);
  document.body.addEventListener("toast", (event) => show(event.detail));
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => elsewhere(event) || complain("unreachable"));
  }
  document.addEventListener("htmx:responseError", (event) => {
    /* These bring words of their own, which are shown in their place. */
    const { xhr } = event.detail;
    if (elsewhere(event) || xhr.getResponseHeader("HX-Trigger")) return;
    if ([409, 422].includes(xhr.status)) return;
    complain(xhr.status >= 500 ? "failed" : "gone");
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful) said("unreachable")?.remove();
  });
}
