/* Tells the shop that the owner sent a link: she opened an app or took a picture ([data-shared]), or
   copying or the share sheet went through (copy-share.js says so). Once a page; without it the link
   works all the same. Then, not before, the page asks whom it was for ([data-once-shared]). */
const form = document.querySelector("[data-link-shared]");
let told = false;

const ask = () => {
  const note = document.querySelector("[data-once-shared]");
  if (note) note.open = true;
};

const tell = async () => {
  ask();
  if (!form || told) return;
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

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shared] a")) tell();
});
document.addEventListener("link:shared", tell);
