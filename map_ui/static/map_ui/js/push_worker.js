// Shows what web push brings, also while no page of ours is open. It keeps nothing and fetches
// nothing: pages work the same without it.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  const shown = self.registration.showNotification(said.title ?? "Wardwise", {
    body: said.body,
    lang: said.language,
    tag: said.tag, // a second attempt at the same notice takes the place of the first, in silence
    data: { link: said.link },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data?.link || "/", self.location.origin);
  // Only ever a page of this site, whatever the message says.
  const page = link.origin === self.location.origin ? link.href : self.location.origin;
  event.waitUntil(self.clients.openWindow(page));
});
