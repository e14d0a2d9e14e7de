/** @file The process of one training: it is told by its parent what to train, and ends with it. Node only. */

import process from "node:process";
import { reportOf, type Order, type Report } from "./report.ts";
import { trainHere } from "./trainer.ts";

const stopping = new AbortController();

function tell(report: Report, sent?: () => void): void {
  process.send?.(report, undefined, undefined, sent);
}

function end(report: Report): void {
  tell(report, () => process.exit(0));
}

process.on("message", (order: Order) => {
  if (order.kind === "stop") return stopping.abort();
  trainHere(order.task, (event) => tell({ kind: "event", event }), stopping.signal).then(
    () => end({ kind: "done" }),
    (error: unknown) => end(reportOf(error)),
  );
});

// Ctrl-C in a terminal, or mpirun, reaches every process of the group: the parent says when to stop.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
// Files are written whole or not at all.
process.on("disconnect", () => process.exit(1));
