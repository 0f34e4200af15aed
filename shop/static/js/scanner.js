/* Scanner station: keeps the focus on the scan field, so that a scanner which types and presses
   Enter always hits it; sounds a tone for each answer; empties the field for the next code.
   The server's answer carries data-scan-state: "ok", "refused" or "ready". */
const station = document.querySelector("[data-station]");
const field = station?.querySelector("[data-scan-field]");
const TONES = { ok: [[880, 0], [1320, 0.09]], refused: [[196, 0], [147, 0.18]] };
const LENGTH = { ok: 0.08, refused: 0.22 };
let audio;
let sent = "";

const sound = (state) => {
  if (!TONES[state]) return;
  audio ??= new AudioContext();
  for (const [pitch, wait] of TONES[state]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + wait;
    tone.type = state === "ok" ? "sine" : "square";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH[state]);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + LENGTH[state]);
  }
};

const catchFocus = () => {
  if (!document.activeElement?.matches("input, select, textarea, dialog *")) {
    field.focus({ preventScroll: true });
  }
};

if (field) {
  field.focus();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, input, select, textarea, label, summary")) catchFocus();
  });
  window.addEventListener("focus", catchFocus);
  document.addEventListener("keydown", (event) => {
    /* The first key of a scan lands in the field even when a button has the focus. */
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) catchFocus();
  });
  /* Emptied when the code leaves, not when the answer comes: the next scan may begin before. */
  station.addEventListener("htmx:beforeSend", () => {
    sent = field.value;
    field.value = "";
  });
  station.addEventListener("htmx:afterSwap", () => {
    sound(station.querySelector("[data-scan-state]")?.dataset.scanState);
    field.focus();
  });
  station.addEventListener("htmx:sendError", () => {
    const screen = station.querySelector("[data-scan-state]");
    const words = station.querySelector("[data-scan-words]");
    screen.dataset.scanState = "refused";
    words.textContent = station.dataset.unreachable;
    sound("refused");
    field.value ||= sent;
    field.select();
  });
}
