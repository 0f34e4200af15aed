/* One box that ticks all others of its form that carry the name it says. */
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = () => [...all.form.querySelectorAll(`[name="${all.dataset.tickAll}"]`)];
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
  });
  all.form.addEventListener("change", () => {
    all.checked = boxes().every((box) => box.checked);
  });
}
