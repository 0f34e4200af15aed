/* Prints the labels as soon as a box is closed, from a frame that nobody sees. Where the browser was
   started for it (Chromium: --kiosk-printing) that asks nothing; else its dialog opens. */
const labels = document.querySelector("[data-print-now] a");

if (labels) {
  /* Reloading the page prints nothing anew. */
  history.replaceState(null, "", location.pathname);
  const frame = document.createElement("iframe");
  frame.className = "visually-hidden";
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  frame.src = labels.href;
  frame.addEventListener("load", () => {
    frame.contentWindow.print();
    document.querySelector("[data-scan-field]")?.focus();
  });
  document.body.append(frame);
}
