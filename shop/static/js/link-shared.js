/* Tells the shop that the owner sent a link: she opened an app or took a picture ([data-shared]), or
   copying or the share sheet went through (copy-share.js says so). Once a page; without it the link
   works all the same. */
const form = document.querySelector("[data-link-shared]");
let told = false;

const tell = async () => {
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
