/* Opens native dialogs from [data-dialog="id"], closes them by a click on the backdrop, closes the
   header's menu by Escape or a click elsewhere, and moves the focus to a form's errors. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    document.getElementById(opener.dataset.dialog)?.showModal();
    return;
  }
  if (event.target instanceof HTMLDialogElement) event.target.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* An answer of htmx that carries data-close-dialog has done what the dialog was opened for. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.querySelector?.("[data-close-dialog]")) {
    document.querySelector("dialog[open]")?.close();
  }
});

document.querySelector("[data-autofocus]")?.focus();
