/* A list that is put into order ([data-places] > ol > [data-place="name"]): dragged by its grip, or
   moved by its arrows; each row's select says its place, and is what the form sends. Places are given
   once she has moved something, and never to more rows than the selects have numbers for. The favourite
   stands first: whoever comes to the top is picked, and who is picked goes to the top. */
const rowsOf = (list) => [...list.querySelectorAll("[data-place]")];
const numberOf = (row) => row.querySelector("select");

const give = (list) => {
  for (const [at, row] of rowsOf(list).entries()) {
    const select = numberOf(row);
    select.value = at + 1 < select.options.length ? String(at + 1) : "";
  }
};

const sort = (list) => {
  const place = (row) => Number(numberOf(row).value) || Number.POSITIVE_INFINITY;
  const rows = rowsOf(list);
  const before = new Map(rows.map((row, at) => [row, at]));
  rows.sort((one, other) => place(one) - place(other) || before.get(one) - before.get(other));
  list.append(...rows);
};

const idOf = (row) => numberOf(row).name.replace("rank-", "");

const pickFirst = (list) => {
  const first = rowsOf(list).find((row) => numberOf(row).value === "1");
  const pick = first && document.querySelector(`[name="favourite"][value="${CSS.escape(idOf(first))}"]`);
  if (pick) pick.checked = true;
};

const putFirst = (root, list, id) => {
  const rows = rowsOf(list);
  const row = rows.find((each) => idOf(each) === id);
  if (!row || !rows.some((each) => numberOf(each).value)) return;
  list.prepend(row);
  give(list);
  remember(list);
  tell(root, row);
};

const tell = (root, row) => {
  const words = root.querySelector("[data-says]");
  words.textContent = words.dataset.says
    .replace("{name}", row.dataset.place)
    .replace("{place}", numberOf(row).selectedOptions[0].textContent);
};

const move = (root, list, button) => {
  const row = button.closest("[data-place]");
  const other = button.dataset.move === "1" ? row.nextElementSibling : row.previousElementSibling;
  if (!other) return;
  if (button.dataset.move === "1") other.after(row);
  else other.before(row);
  give(list);
  pickFirst(list);
  tell(root, row);
  button.focus();
};

/* A place chosen twice goes to the one chosen last; the other takes the place that came free. */
const choose = (root, list, select) => {
  const taken = rowsOf(list).map(numberOf);
  const other = taken.find((each) => each !== select && each.value && each.value === select.value);
  if (other) other.value = select.dataset.before ?? "";
  sort(list);
  remember(list);
  pickFirst(list);
  tell(root, select.closest("[data-place]"));
};

const remember = (list) => {
  for (const row of rowsOf(list)) numberOf(row).dataset.before = numberOf(row).value;
};

/* The others make room for the held row, which stays where it is in the page: an element that is put
   elsewhere loses the finger. */
const drag = (root, list, row, grip, start) => {
  grip.setPointerCapture(start.pointerId);
  row.classList.add("place--held");
  const dragged = (event) => {
    for (const other of rowsOf(list)) {
      if (other === row) continue;
      const { top, height } = other.getBoundingClientRect();
      const middle = top + height / 2;
      const isBelow = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isBelow && event.clientY > middle) row.before(other);
      else if (!isBelow && event.clientY < middle) row.after(other);
    }
  };
  const dropped = () => {
    row.classList.remove("place--held");
    grip.removeEventListener("pointermove", dragged);
    give(list);
    remember(list);
    pickFirst(list);
    tell(root, row);
  };
  grip.addEventListener("pointermove", dragged);
  grip.addEventListener("lostpointercapture", dropped, { once: true });
};

for (const root of document.querySelectorAll("[data-places]")) {
  const list = root.querySelector("ol");
  sort(list);
  remember(list);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    move(root, list, button);
    remember(list);
  });
  list.addEventListener("change", (event) => {
    if (event.target.matches("select")) choose(root, list, event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches('[name="favourite"]')) putFirst(root, list, event.target.value);
  });
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".place__grip");
    if (!grip) return;
    event.preventDefault();
    drag(root, list, grip.closest("[data-place]"), grip, event);
  });
}
