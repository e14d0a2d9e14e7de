const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => report(data);
worker.onerror = ({ message }) => report({ error: message || "the worker could not be loaded" });

function report(result) {
  fetch("/result", { method: "POST", body: JSON.stringify(result) });
}
