/* Lifts messages out of the page as toasts, lets people dismiss them, and shows those that htmx
   answers send: HX-Trigger: {"toast": {"message": "…", "tone": "ok"}}. */
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

const show = ({ message, tone = "info" }) => {
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector("[data-message]").textContent = message;
  region.append(toast);
  settle(toast);
};

if (region) {
  region.querySelectorAll(".toast").forEach(settle);
  document.body.addEventListener("toast", (event) => show(event.detail));
}
