/** @file The script of an exported page: from the second visit on it needs no network, and where the browser allows it has threads. */

/** Where pages may have none, as those that come neither from this machine nor by https, everything is loaded each time. */
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("./service-worker.js").catch((error: unknown) => {
    console.warn(`Auricle: without a network this page will not open: ${String(error)}`);
  });
}

export {};
