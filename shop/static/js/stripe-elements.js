/* Real Stripe keys: Stripe's own Payment Element in the place of our card fields. The server widens
   the content policy of this page to js.stripe.com; no other page may load it. */
const STRIPE = "https://js.stripe.com/v3/";

const load = () =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = STRIPE;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const prepare = async (form) => {
  const { publishableKey, clientSecret, intentKind, returnUrl } = form.dataset;
  const button = form.querySelector("button");
  const notice = form.querySelector("[data-card-error]");
  const message = form.querySelector("[data-card-message]");
  const words = form.querySelector("[data-words]").dataset;
  const refuse = (text) => {
    message.textContent = text;
    notice.hidden = false;
    button.removeAttribute("aria-busy");
  };

  try {
    await load();
  } catch {
    refuse(words.unreachable);
    return;
  }
  const stripe = window.Stripe(publishableKey, { locale: document.documentElement.lang });
  const elements = stripe.elements({
    clientSecret,
    appearance: {
      variables: {
        colorPrimary: token("--primary"),
        colorBackground: token("--surface"),
        colorText: token("--ink"),
        colorDanger: token("--danger"),
        borderRadius: "6px",
      },
    },
  });
  const place = form.querySelector("[data-payment-element]");
  place.replaceChildren();
  elements.create("payment").mount(place);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    notice.hidden = true;
    button.setAttribute("aria-busy", "true");
    const confirm = intentKind === "setup" ? stripe.confirmSetup : stripe.confirmPayment;
    const { error } = await confirm({ elements, confirmParams: { return_url: returnUrl } });
    /* Without an error Stripe has already left for the return address. */
    if (error) refuse(error.message ?? words.declined);
  });
};

document.querySelectorAll('[data-card-form][data-stripe-live="true"]').forEach(prepare);
