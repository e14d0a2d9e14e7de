/** @file Opens many models on the page's own thread, which shares memory with no other, then in a worker, and posts what went wrong. */
import { openMany } from "./workload.js";

async function inWorker() {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message || "the worker could not be loaded"));
  });
}

async function run() {
  return { isolated: crossOriginIsolated, page: await openMany(1), worker: await inWorker() };
}

run().then(post, (error) => post({ error: error.stack }));

function post(result) {
  fetch("/result", { method: "POST", body: JSON.stringify(result) });
}
