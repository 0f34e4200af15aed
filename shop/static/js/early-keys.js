/* A scanner types while its station's page is still loading, and what nobody listens to is lost: a
   code without its first letters is another code. Loaded in the head, before all else, this keeps
   every key until scanner.js takes them over, and lets go when the page has loaded without it. */
{
  const keys = [];
  const hear = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length !== 1 && event.key !== "Enter") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keys.push(event.key);
  };
  const stop = () => document.removeEventListener("keydown", hear, { capture: true });
  document.addEventListener("keydown", hear, { capture: true });
  window.addEventListener("load", stop);
  window.takeEarlyKeys = () => {
    stop();
    return keys.splice(0);
  };
}
