/* Shows a message that the shop sent to this browser, and opens its page when it is tapped. */
const ICON = "/static/icons/touch.png";

self.addEventListener("push", (event) => {
  const said = event.data?.json();
  if (!said) return;
  const { title, body, path, tag } = said;
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: ICON, data: { path } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.path, self.location.origin);
  /* A path of ours, whatever it says. */
  if (url.origin !== self.location.origin) return;
  event.waitUntil(self.clients.openWindow(url.href));
});
