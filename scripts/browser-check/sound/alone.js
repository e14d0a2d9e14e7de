/** @file Runs the workload in the page itself, without a worker. */
import { runExamples } from "./examples.js";
import { read, report } from "./report.js";
import { MODEL, runSound, SOUNDS } from "./workload.js";

report(async () => {
  await runExamples(MODEL, SOUNDS.flac);
  return [{ where: "page", ...(await runSound(read, 1)) }];
});
