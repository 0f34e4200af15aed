/* Notifications in this browser ([data-push]): asked for by the button alone, never by the page.
   Without service workers, or over plain HTTP, the section stays hidden. */
const PLACE = "push-browser";

const bytes = (text) => {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
};

const remembered = () => {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
};

const remember = (id) => {
  try {
    if (id) localStorage.setItem(PLACE, id);
    else localStorage.removeItem(PLACE);
  } catch {
    /* Forbidden in a private window: the shop learns from the push service instead. */
  }
};

const begin = (section) => {
  const { key, worker, url } = section.dataset;
  const token = section.querySelector('[name="csrfmiddlewaretoken"]').value;
  const [on, off] = ["push-on", "push-off"].map((id) => section.querySelector(`#${id}`));

  const say = (words) => {
    for (const line of section.querySelectorAll("[data-push-said]")) {
      line.hidden = line.dataset.pushSaid !== words;
    }
    off.hidden = words !== "on";
    on.hidden = words === "on" || words === "blocked";
  };

  const send = async (address, method, body) => {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok && answer.status !== 404) throw new Error(`push: ${answer.status}`);
    return answer;
  };

  const allow = async () => {
    if ((await Notification.requestPermission()) !== "granted") {
      say(Notification.permission === "denied" ? "blocked" : "");
      return;
    }
    await navigator.serviceWorker.register(worker, { scope: "/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
    const subscription = await pushManager.subscribe(options);
    const answer = await send(url, "POST", subscription);
    remember((await answer.json()).id);
    say("on");
  };

  const end = async () => {
    const registration = await navigator.serviceWorker.getRegistration("/");
    await (await registration?.pushManager.getSubscription())?.unsubscribe();
    const id = remembered();
    if (id) await send(`${url}${id}/`, "DELETE");
    remember(null);
    say("");
  };

  const trying = (act) => async () => {
    try {
      await act();
    } catch {
      say("failed");
    }
  };

  const look = async () => {
    if (Notification.permission === "denied") return say("blocked");
    const registration = await navigator.serviceWorker.getRegistration("/");
    const known = await registration?.pushManager.getSubscription();
    return say(known && remembered() ? "on" : "");
  };

  on.addEventListener("click", trying(allow));
  off.addEventListener("click", trying(end));
  trying(look)();
  section.hidden = false;
};

const section = document.querySelector("[data-push]");
if (section && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) begin(section);
