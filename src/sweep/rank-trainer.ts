/**
 * @file Trainings on the ranks of a job: rank 0 orders them, and each rank, rank 0 too, carries out one at a time. The ranks meet in
 * rounds, in which each tells what it has to tell: an exchange like any other, so that ranks that are silent are named. Trainings have
 * processes of their own: a rank is never too busy for a round, and a training that dies takes no rank with it.
 */

import type { Ranks } from "../distributed/ranks.ts";
import { errorOf, reportOf, type FailureReport, type Order, type Report } from "./report.ts";
import type { Trainer } from "./trainer.ts";

/** Milliseconds between two rounds. */
const INTERVAL = 250;

/** A message of rank 0 in a round; other ranks say `readonly Report[]`. */
interface Orders {
  readonly orders: readonly (readonly [rank: number, order: Order])[];
  /** Whether there are no further rounds. */
  readonly isLast: boolean;
}

async function meet(ranks: Ranks, said: unknown): Promise<unknown[]> {
  const all = await ranks.gather(new TextEncoder().encode(JSON.stringify(said)), "the sweep");
  return all.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown);
}

/** Rank 0's side. */
export class RankTrainer {
  private readonly ranks: Ranks;
  private readonly here: Trainer;
  /** The ranks without a training. */
  private readonly free: number[];
  /** Who hears what a rank reports. */
  private readonly listeners = new Map<number, (report: Report) => void>();
  private orders: Orders["orders"][number][] = [];

  /** @param here trains on rank 0 */
  constructor(ranks: Ranks, here: Trainer) {
    this.ranks = ranks;
    this.here = here;
    this.free = Array.from({ length: ranks.size }, (_, rank) => rank);
  }

  /** Trains on a rank that is free; there must be one. The winner is finished here, where its results are read next. */
  readonly train: Trainer = async (task, show, signal) => {
    if (task.finish) return this.here(task, show, signal);
    const rank = this.free.shift();
    if (rank === undefined) throw new Error("a training was ordered while all ranks have one");
    try {
      await (rank === 0 ? this.here(task, show, signal) : this.trainOn(rank, task, show, signal));
    } finally {
      this.free.push(rank);
    }
  };

  /** Keeps the other ranks at work until the sweep has ended, whichever way. */
  readonly during = async <Result>(sweep: Promise<Result>): Promise<Result> => {
    let hasEnded = false;
    const end = () => void (hasEnded = true);
    const ended = sweep.then(end, end);
    for (;;) {
      const said: Orders = { orders: this.orders, isLast: hasEnded };
      this.orders = [];
      const all = await meet(this.ranks, said);
      all.forEach((reports, rank) => {
        if (rank === 0) return;
        for (const report of reports as readonly Report[]) this.listeners.get(rank)?.(report);
      });
      if (said.isLast) return sweep;
      await Promise.race([ended, pause()]);
    }
  };

  private async trainOn(rank: number, ...[task, show, signal]: Parameters<Trainer>): Promise<void> {
    const stop = () => this.orders.push([rank, { kind: "stop" }]);
    this.orders.push([rank, { kind: "train", task }]);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    try {
      await new Promise<void>((resolve, reject) => {
        this.listeners.set(rank, (report) => {
          if (report.kind === "event") show(report.event);
          else if (report.kind === "done") resolve();
          else reject(errorOn(rank, report));
        });
      });
    } finally {
      signal.removeEventListener("abort", stop);
      this.listeners.delete(rank);
    }
  }
}

/** The error of a rank. A fault of its machine names the rank; a fault of the configuration would be the same on all. */
function errorOn(rank: number, report: FailureReport): Error {
  const isMachine = report.code === "file" || report.code === "lost" || report.code === null;
  return errorOf(isMachine ? { ...report, message: `rank ${rank}: ${report.message}` } : report);
}

/** The other ranks' side: carries out what rank 0 orders, until the sweep has ended. */
export async function trainForRank0(ranks: Ranks, here: Trainer): Promise<void> {
  let reports: Report[] = [];
  let stopping = new AbortController();
  for (;;) {
    const said = reports;
    reports = [];
    const [{ orders, isLast }] = (await meet(ranks, said)) as [Orders];
    for (const [rank, order] of orders) {
      if (rank !== ranks.rank) continue;
      if (order.kind === "stop") stopping.abort();
      else {
        stopping = new AbortController();
        here(order.task, (event) => void reports.push({ kind: "event", event }), stopping.signal).then(
          () => reports.push({ kind: "done" }),
          (error: unknown) => reports.push(reportOf(error)),
        );
      }
    }
    if (isLast) return;
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, INTERVAL));
}
