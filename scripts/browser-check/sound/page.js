/** @file Runs the workload in the page itself and then in a worker, which may use threads where the page is isolated. */
import { runExamples } from "./examples.js";
import { read, report } from "./report.js";
import { MODEL, runSound, SOUNDS } from "./workload.js";

function runInWorker() {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message || "the page's worker could not be loaded"));
  });
}

report(async () => {
  await runExamples(MODEL, SOUNDS.flac);
  return [{ where: "page", ...(await runSound(read, 1)) }, ...(await runInWorker())];
});
