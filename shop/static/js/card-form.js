/* Sandbox card form: sends the card to the Stripe sandbox and never to the shop. It makes a payment
   method, confirms the intent with it, follows a 3-D Secure redirect where one is asked for, and
   comes back to the return address with the query that Stripe.js would add. */
const FIRST_DIGITS_OF_AMEX = /^3[47]/;

const digits = (text) => text.replace(/\D/g, "");

const grouped = (number) =>
  FIRST_DIGITS_OF_AMEX.test(number)
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10, 15)].filter(Boolean).join(" ")
    : (number.slice(0, 19).match(/.{1,4}/g) ?? []).join(" ");

/* Luhn's check: every card number's last digit is chosen so that the weighted sum ends in 0. */
const passesLuhn = (number) =>
  [...number].reverse().reduce((sum, digit, place) => {
    const weighted = place % 2 ? Number(digit) * 2 : Number(digit);
    return sum + (weighted > 9 ? weighted - 9 : weighted);
  }, 0) % 10 === 0;

const readExpiry = (text) => {
  const [, month, year] = digits(text).match(/^(\d{2})(\d{2}|\d{4})$/) ?? [];
  if (!month || Number(month) < 1 || Number(month) > 12) return null;
  return { month: Number(month), year: Number(year.length === 2 ? `20${year}` : year) };
};

class Refused extends Error {}

/* Stripe tells in English why a card was refused; the page has words for it by Stripe's code. */
const refusal = (form, error) => {
  const words = form.querySelector("[data-words]").dataset;
  const named = (code) => words[code?.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())];
  return new Refused(named(error?.decline_code) ?? named(error?.code) ?? words.declined);
};

const send = async (form, path, fields) => {
  const answer = await fetch(`${form.dataset.apiBase}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${form.dataset.publishableKey}` },
    body: new URLSearchParams(fields),
    referrerPolicy: "no-referrer",
  });
  const body = await answer.json();
  if (!answer.ok) throw refusal(form, body.error);
  return body;
};

const backTo = (form, intent) => {
  const address = new URL(form.dataset.returnUrl, location.href);
  const kind = `${form.dataset.intentKind}_intent`;
  address.searchParams.set(kind, intent.id);
  address.searchParams.set(`${kind}_client_secret`, form.dataset.clientSecret);
  address.searchParams.set("redirect_status", "succeeded");
  return address;
};

const readCard = (form) => {
  const words = form.querySelector("[data-words]").dataset;
  const value = (id) => form.querySelector(`#card-${id}`).value.trim();
  const number = digits(value("number"));
  const expiry = readExpiry(value("expiry"));
  if (!value("name") || !number || !value("expiry") || !value("cvc")) {
    throw new Refused(words.incomplete);
  }
  if (number.length < 12 || !passesLuhn(number)) throw new Refused(words.number);
  if (!expiry) throw new Refused(words.expiry);
  if (!/^\d{3,4}$/.test(value("cvc"))) throw new Refused(words.cvc);
  return {
    type: "card",
    "card[number]": number,
    "card[exp_month]": expiry.month,
    "card[exp_year]": expiry.year,
    "card[cvc]": value("cvc"),
    "billing_details[name]": value("name"),
  };
};

const confirm = async (form) => {
  const { intentId, intentKind, clientSecret, returnUrl } = form.dataset;
  const method = await send(form, "/v1/payment_methods", readCard(form));
  const intent = await send(form, `/v1/${intentKind}_intents/${intentId}/confirm`, {
    client_secret: clientSecret,
    payment_method: method.id,
    return_url: returnUrl,
  });
  const next = intent.next_action?.redirect_to_url?.url;
  if (next) return next;
  if (["succeeded", "processing", "requires_capture"].includes(intent.status)) {
    return backTo(form, intent);
  }
  throw refusal(form, intent.last_payment_error ?? intent.last_setup_error);
};

const prepare = (form) => {
  const button = form.querySelector("button");
  const notice = form.querySelector("[data-card-error]");
  const message = form.querySelector("[data-card-message]");
  const words = form.querySelector("[data-words]").dataset;
  const number = form.querySelector("#card-number");
  const expiry = form.querySelector("#card-expiry");
  let sending = false;

  number.addEventListener("input", () => {
    /* Typing in the middle keeps its caret; the number is set in groups when typing at its end. */
    if (number.selectionStart === number.value.length) number.value = grouped(digits(number.value));
  });
  number.addEventListener("blur", () => {
    number.value = grouped(digits(number.value));
  });
  expiry.addEventListener("input", (event) => {
    const typed = digits(expiry.value).slice(0, 4);
    const forward = !event.inputType?.startsWith("delete");
    if (typed.length > 2) expiry.value = `${typed.slice(0, 2)} / ${typed.slice(2)}`;
    else if (typed.length === 2 && forward) expiry.value = `${typed} / `;
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    notice.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      location.assign(await confirm(form));
    } catch (error) {
      message.textContent =
        error instanceof Refused ? error.message : words.unreachable;
      notice.hidden = false;
      button.removeAttribute("aria-busy");
      sending = false;
    }
  });
};

document.querySelectorAll('[data-card-form][data-stripe-live="false"]').forEach(prepare);
