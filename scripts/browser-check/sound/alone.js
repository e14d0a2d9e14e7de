/** @file Runs the workload in the page itself, without a worker. */
import { read, report } from "./report.js";
import { runSound } from "./workload.js";

report(async () => [{ where: "page", ...(await runSound(read, 1)) }]);
