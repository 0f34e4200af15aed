/* One box that ticks all others of its form that carry the name it says, but for those that want to
   be looked at ([data-by-hand]). */
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = () => [...all.form.querySelectorAll(`[name="${all.dataset.tickAll}"]:not([data-by-hand])`)];
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
  });
  all.form.addEventListener("change", () => {
    all.checked = boxes().every((box) => box.checked);
  });
}
