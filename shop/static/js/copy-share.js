/* Copy buttons ([data-copy="text"]) and the system's share sheet ([data-share]), shown only where
   the browser has one. What went through is told to the page by an event, "link:shared". */
const SAID_FOR = 2500;

const say = (button, words) => {
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.dataset.before ?? label.textContent;
  label.dataset.before = before;
  label.textContent = words;
  setTimeout(() => {
    label.textContent = before;
  }, SAID_FOR);
};

const done = (button) => button.dispatchEvent(new CustomEvent("link:shared", { bubbles: true }));

const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(button, button.dataset.copied);
    done(button);
  } catch {
    /* Not allowed here (no HTTPS, an embedded page): select the text, so that one key copies it. */
    const field = document.getElementById(button.dataset.copyFrom);
    field?.focus();
    field?.select();
  }
};

const share = async (button) => {
  const { shareTitle: title, shareText: text, shareUrl: url } = button.dataset;
  try {
    await navigator.share({ title, text, url });
    done(button);
  } catch (error) {
    /* Closing the sheet is a choice, no fault. */
    if (error.name !== "AbortError") throw error;
  }
};

const reveal = (root) => {
  if (!navigator.share) return;
  for (const button of root.querySelectorAll("[data-share]")) button.hidden = false;
};

reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.target));
document.addEventListener("click", (event) => {
  const copier = event.target.closest("[data-copy]");
  const sharer = event.target.closest("[data-share]");
  if (copier) copy(copier);
  if (sharer) share(sharer);
});
