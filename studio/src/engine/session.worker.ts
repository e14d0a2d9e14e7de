/** @file A session of the library, away from the page's thread. */
import { serveSession } from "auricle/session";

serveSession({
  addEventListener: (type, listener) => self.addEventListener(type, listener),
  postMessage: (message, transfer) => self.postMessage(message, { transfer }),
});
