/** @file Trainings in processes of their own, so that several run side by side, each with its own threads and memory. Node only. */

import { fork } from "node:child_process";
import { errorOf, ProcessLost, type Order, type Report } from "./report.ts";
import type { Trainer } from "./trainer.ts";

/** Trains in a new process, which ends with this one. */
export const trainInProcess: Trainer = (task, show, signal) =>
  new Promise((resolve, reject) => {
    const child = fork(new URL("./training-process.js", import.meta.url), {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let errors = "";
    child.stderr?.on("data", (piece: Buffer) => {
      errors = (errors + piece.toString()).slice(-2000);
    });
    let ending: Report | undefined;
    const send = (order: Order) => {
      if (child.connected) child.send(order);
    };
    const stop = () => send({ kind: "stop" });
    signal.addEventListener("abort", stop);
    child.on("message", (report: Report) => {
      if (report.kind === "event") show(report.event);
      else ending = report;
    });
    child.on("error", reject);
    child.on("close", (code, killedBy) => {
      signal.removeEventListener("abort", stop);
      if (ending?.kind === "done") return resolve();
      if (ending?.kind === "failed") return reject(errorOf(ending));
      const how = killedBy ? `was ended by ${killedBy}` : `ended with the code ${code}`;
      const last = errors.trim() === "" ? "" : `: ${errors.trim().split("\n").at(-1)}`;
      reject(new ProcessLost(`the process of the training ${how}${last}`));
    });
    send({ kind: "train", task });
    if (signal.aborted) stop();
  });
