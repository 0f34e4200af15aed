/* Photo upload: previews what was chosen, sends the form with progress, and shows the server's answer:
   HX-Redirect (which keeps messages for the next page), a redirect, or the same form with its errors.
   The form works without this script. */
const preview = (form) => {
  const place = form.querySelector("[data-previews]");
  const input = form.querySelector('input[type="file"]');
  place.replaceChildren();
  for (const file of input.files) {
    const figure = document.createElement("figure");
    const picture = document.createElement("div");
    const image = new Image();
    const caption = document.createElement("figcaption");
    figure.className = "photo-tile";
    picture.className = "photo-tile__picture";
    caption.textContent = file.name;
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    /* Most browsers cannot draw HEIC; the server can. */
    image.onerror = () => image.remove();
    picture.append(image);
    figure.append(picture, caption);
    place.append(figure);
  }
};

const showAnswer = (form, request) => {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const answered = form.id && page.getElementById(form.id);
  if (!answered) {
    document.documentElement.replaceWith(page.documentElement);
    return;
  }
  form.replaceWith(answered);
  prepare(answered);
  answered.querySelector("[data-autofocus], .field--error input")?.focus();
};

const send = (form) => {
  const bar = form.querySelector("[data-progress]");
  const status = form.querySelector("[data-upload-status]");
  const button = form.querySelector('button[type="submit"]');
  const request = new XMLHttpRequest();
  const fail = () => {
    bar.hidden = true;
    status.textContent = status.dataset.failed;
    button?.removeAttribute("aria-busy");
  };

  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  };
  request.upload.onload = () => {
    status.textContent = status.dataset.checking;
  };
  request.onerror = fail;
  request.onload = () => {
    const next = request.getResponseHeader("HX-Redirect");
    if (next) location.assign(next);
    else if (request.status >= 500) fail();
    else if (request.responseURL !== form.action && request.status < 400) {
      location.assign(request.responseURL);
    } else showAnswer(form, request);
  };
  bar.hidden = false;
  status.textContent = status.dataset.sending;
  button?.setAttribute("aria-busy", "true");
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(new FormData(form));
};

function prepare(form) {
  const drop = form.querySelector("[data-drop]");
  form.querySelector('input[type="file"]').addEventListener("change", () => preview(form));
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, () => drop.setAttribute("data-over", ""));
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.removeAttribute("data-over"));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

document.querySelectorAll("form[data-upload]").forEach(prepare);
