/* Tells the shop once that a person is on the page of a payment link ([data-link-opened]): she touched
   it, clicked, scrolled or typed. Mail scanners fetch every link, and some run its scripts; that
   alone says nothing. Without it the page works all the same. */
const form = document.querySelector("[data-link-opened]");
const SIGNS = ["pointerdown", "touchstart", "wheel", "keydown"];
let told = false;

const tell = async (event) => {
  if (told || !event.isTrusted) return;
  told = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      keepalive: true,
    });
    told = answer.ok;
  } catch {
    told = false;
  }
};

if (form) SIGNS.forEach((sign) => document.addEventListener(sign, tell, { passive: true }));
