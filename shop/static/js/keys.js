/* Keyboard of the console: a link or button with data-key="p" is pressed by P, "/" goes to the
   search field. Never while somebody writes, nor at a scanner station, where a scan types letters. */
const atStation = document.querySelector("[data-scan-field]") !== null;

/* On a narrow screen the rooms stand in a row wider than it, on a low one in a column longer than it:
   the one that is open comes to sight. */
const rooms = document.querySelector(".console__nav");
const room = rooms?.querySelector("[aria-current]");
if (room) {
  /* By the rooms alone: scrollIntoView would move the page beside them, too. */
  const side = rooms.closest(".console__side");
  const [outer, inner] = [side.getBoundingClientRect(), room.getBoundingClientRect()];
  rooms.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  if (inner.bottom > outer.bottom) side.scrollTop += inner.bottom - outer.bottom + inner.height;
}

document.addEventListener("keydown", (event) => {
  if (atStation || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
  if (event.key === "/") {
    const search = document.querySelector('input[type="search"]');
    if (search) {
      event.preventDefault();
      search.focus();
    }
    return;
  }
  if (!/^[a-z0-9]$/i.test(event.key)) return;
  const target = document.querySelector(`[data-key="${event.key.toLowerCase()}"]:not(:disabled)`);
  if (target) {
    event.preventDefault();
    target.click();
  }
});
