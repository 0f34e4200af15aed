/* A form is sent once however often its button is pressed, and what was typed is not lost when the
   session has ended meanwhile: it is kept in this tab until the next page that is not the log-in,
   and put back where the same form stands there. Never passwords, files or hidden fields. */
const KEPT = "typed";
const FREE_AGAIN = 15000;
const TYPED =
  'input:not([type="hidden"], [type="password"], [type="file"], [autocomplete="one-time-code"]), select, textarea';

const fields = (form) => [...form.querySelectorAll(TYPED)].filter((field) => field.name);

const keep = (form) => {
  const typed = fields(form).map((field) => {
    const chosen = ["checkbox", "radio"].includes(field.type);
    return [field.name, chosen ? field.value : null, chosen ? field.checked : field.value];
  });
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ at: location.pathname, typed }));
  } catch {
    /* A private window may forbid storage; the form is sent all the same. */
  }
};

const putBack = (typed) => {
  for (const [name, choice, value] of typed) {
    for (const field of document.querySelectorAll(`main form[method="post"] [name="${CSS.escape(name)}"]`)) {
      if (choice === null) field.value = value;
      else if (field.value === choice) field.checked = value;
    }
  }
};

const restore = () => {
  try {
    const { at, typed } = JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    if (!at || location.pathname.startsWith("/accounts/")) return;
    sessionStorage.removeItem(KEPT);
    if (at === location.pathname && document.referrer.includes("/accounts/")) putBack(typed);
  } catch {
    /* As above: nothing was kept. */
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  /* Its name and value are sent with the form, hence marked only after it has left. */
  setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
  setTimeout(() => release(form), FREE_AGAIN);
  if (form.closest("main") && !location.pathname.startsWith("/accounts/")) keep(form);
});

const release = (form) => {
  delete form.dataset.sent;
  for (const button of document.querySelectorAll(".button[aria-busy]")) button.removeAttribute("aria-busy");
};

/* Going back may show the page as it was left. */
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

restore();
