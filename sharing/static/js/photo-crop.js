/* The crop as a box on the photo: dragged, pulled at its corners, or moved by keys. It writes into the
   form's four numbers, which work without it. Shares of the photo's edges from 0 to 1 throughout. */
const LEAST = 0.1;
const STEP = 0.02;
const NAMES = ["left", "top", "width", "height"];

const form = document.querySelector("form[data-crop]");
const stage = form.querySelector("[data-crop-stage]");
const box = form.querySelector("[data-crop-box]");
const picture = stage.querySelector("img");
const within = (value, least, most) => Math.min(Math.max(value, least), most);

const read = () => {
  const [left, top, width, height] = NAMES.map((name) => Number(form.elements[name].value) / 100);
  return { left, top, width: width || 1, height: height || 1 };
};

let crop = read();

const draw = () => {
  for (const name of NAMES) box.style[name] = `${100 * crop[name]}%`;
};

const set = (next) => {
  const width = within(next.width, LEAST, 1);
  const height = within(next.height, LEAST, 1);
  crop = { left: within(next.left, 0, 1 - width), top: within(next.top, 0, 1 - height), width, height };
  for (const name of NAMES) form.elements[name].value = (100 * crop[name]).toFixed(1);
  draw();
};

const pulled = (from, corner, across, down) => {
  let { left, top } = from;
  let right = left + from.width;
  let bottom = top + from.height;
  if (corner.includes("w")) left = within(left + across, 0, right - LEAST);
  else right = within(right + across, left + LEAST, 1);
  if (corner.includes("n")) top = within(top + down, 0, bottom - LEAST);
  else bottom = within(bottom + down, top + LEAST, 1);
  return { left, top, width: right - left, height: bottom - top };
};

box.addEventListener("pointerdown", (event) => {
  const corner = event.target.dataset.corner;
  const from = crop;
  const { width, height } = stage.getBoundingClientRect();
  const start = [event.clientX, event.clientY];
  event.preventDefault();
  box.focus({ preventScroll: true });
  box.setPointerCapture(event.pointerId);
  const move = (moved) => {
    const across = (moved.clientX - start[0]) / width;
    const down = (moved.clientY - start[1]) / height;
    if (corner) set(pulled(from, corner, across, down));
    else set({ ...from, left: from.left + across, top: from.top + down });
  };
  const end = () => {
    box.removeEventListener("pointermove", move);
    box.removeEventListener("pointerup", end);
    box.removeEventListener("pointercancel", end);
  };
  box.addEventListener("pointermove", move);
  box.addEventListener("pointerup", end);
  box.addEventListener("pointercancel", end);
});

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

box.addEventListener("keydown", (event) => {
  const way = WAYS[event.key];
  if (!way) return;
  event.preventDefault();
  const [across, down] = way.map((each) => each * STEP);
  if (event.shiftKey) set({ ...crop, width: crop.width + across, height: crop.height + down });
  else set({ ...crop, left: crop.left + across, top: crop.top + down });
});

/* The ready shapes are first looked at, then sent; without this script they are sent at once. */
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-shape]");
  if (!button) return;
  event.preventDefault();
  const shape = Number(button.dataset.shape);
  const share = shape ? (shape * picture.height) / picture.width : 1;
  const width = shape ? Math.min(share, 1) : 1;
  const height = shape ? Math.min(1 / share, 1) : 1;
  set({ left: (1 - width) / 2, top: (1 - height) * 0.35, width, height });
});

for (const name of NAMES) {
  form.elements[name].addEventListener("change", () => set(read()));
}

box.hidden = false;
draw();
