/** @file Orders and reports between ranks, and the folder that they share: the ranks of these tests are in one process. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localJob, onRanks } from "../distributed/testing/local-transport.ts";
import { AuricleError } from "../errors.ts";
import { meetInFolder } from "./common-folder.ts";
import { RankTrainer, trainForRank0 } from "./rank-trainer.ts";
import { ProcessLost } from "./report.ts";
import type { Task, Trainer } from "./trainer.ts";

function taskOf(folder: string, finish = false): Task {
  return { request: { data: "digits" }, folder, epochs: null, finish, options: {} };
}

/** Runs a sweep on ranks that have trainers of their own. @returns what it gives on rank 0 */
async function sweep<Result>(
  size: number,
  trainerOf: (rank: number) => Trainer,
  run: (train: Trainer) => Promise<Result>,
): Promise<Result | undefined> {
  const [result] = await onRanks(localJob(size), async (ranks) => {
    const here = trainerOf(ranks.rank);
    if (ranks.rank > 0) return trainForRank0(ranks, here).then(() => undefined);
    const { train, during } = new RankTrainer(ranks, here);
    return during(run(train));
  });
  return result;
}

const never = new AbortController().signal;
const nothing = () => undefined;

describe("trainings on ranks", () => {
  it("are one on each, rank 0 too, with what they show; the winner is finished on rank 0", async () => {
    const trained: string[] = [];
    const shown: string[] = [];
    const trainerOf =
      (rank: number): Trainer =>
      (task, show) => {
        trained.push(`${task.folder} on ${rank}`);
        show({ kind: "warning", text: `from ${rank}` });
        return Promise.resolve();
      };
    await sweep(3, trainerOf, async (train) => {
      const show: Parameters<Trainer>[1] = (event) => event.kind === "warning" && shown.push(event.text);
      await Promise.all(["a", "b", "c"].map((folder) => train(taskOf(folder), show, never)));
      await train(taskOf("a", true), show, never);
    });
    expect(trained.sort()).toEqual(["a on 0", "a on 0", "b on 1", "c on 2"]);
    expect(shown.sort()).toEqual(["from 0", "from 0", "from 1", "from 2"]);
  });

  it("fail with the error of their rank, which says whose a fault of the machine is, and goes on", async () => {
    const errors = [
      new AuricleError("data", "the loss is not finite"),
      new AuricleError("file", "the disk is full"),
      new ProcessLost("the process of the training was ended by SIGKILL"),
    ];
    const trainerOf = (rank: number): Trainer => {
      const left = [...errors];
      return () => {
        const error = rank === 1 ? left.shift() : undefined;
        return error ? Promise.reject(error) : Promise.resolve();
      };
    };
    const failed = await sweep(2, trainerOf, async (train) => {
      const failures: unknown[] = [];
      for (let round = 0; round < 4; round++) {
        const both = ["a", "b"].map((folder) => train(taskOf(folder), nothing, never));
        for (const one of await Promise.allSettled(both))
          if (one.status === "rejected") failures.push(one.reason);
      }
      return failures;
    });
    expect(failed).toEqual([
      errors[0],
      new AuricleError("file", "rank 1: the disk is full"),
      new ProcessLost("rank 1: the process of the training was ended by SIGKILL"),
    ]);
    expect(failed?.[2]).toBeInstanceOf(ProcessLost);
  });

  it("stop everywhere when the sweep is stopped, and the ranks end with a sweep that fails", async () => {
    const stopped: number[] = [];
    const trainerOf =
      (rank: number): Trainer =>
      (_task, _show, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            stopped.push(rank);
            resolve();
          });
        });
    const failing = sweep(2, trainerOf, async (train) => {
      const stopping = new AbortController();
      const both = ["a", "b"].map((folder) => train(taskOf(folder), nothing, stopping.signal));
      setTimeout(() => stopping.abort(), 300);
      await Promise.all(both);
      throw new AuricleError("file", "the disk is full");
    });
    await expect(failing).rejects.toThrow("the disk is full");
    expect(stopped.sort()).toEqual([0, 1]);
  });
});

describe("the folder of a sweep on ranks", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "auricle-ranks-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is made, and locks of processes that have ended are removed, but no others", async () => {
    const path = join(folder, "sweep");
    const runs = join(path, "runs");
    await mkdir(join(runs, "001-seed-0"), { recursive: true });
    await mkdir(join(runs, "002-seed-0"));
    const ended = { pid: 2 ** 22, host: hostname(), id: "ended" };
    await writeFile(join(path, "lock-3"), JSON.stringify(ended));
    await writeFile(join(runs, "001-seed-0", "lock-1"), JSON.stringify(ended));
    const elsewhere = { ...ended, host: "another-host" };
    await writeFile(join(runs, "002-seed-0", "lock-1"), JSON.stringify(elsewhere));
    await onRanks(localJob(3), (ranks) => meetInFolder(ranks, path));
    expect(await readdir(path)).toEqual(["runs"]);
    expect(await readdir(join(runs, "001-seed-0"))).toEqual([]);
    expect(await readdir(join(runs, "002-seed-0"))).toEqual(["lock-1"]);
  });

  it("must be one that all ranks see", async () => {
    const job = localJob(2);
    const [zero, one] = job.ranks;
    // A machine without the folder sees nothing of what is written there.
    const blind = Object.create(one, {
      broadcast: {
        value: async (bytes: Uint8Array, what: string) => {
          await one.broadcast(bytes, what);
          return new TextEncoder().encode(join(folder, "nothing"));
        },
      },
    }) as typeof one;
    const path = join(folder, "sweep");
    const meetings = await Promise.allSettled([meetInFolder(zero, path), meetInFolder(blind, path)]);
    for (const meeting of meetings) {
      expect(meeting).toMatchObject({
        status: "rejected",
        reason: { code: "file", message: expect.stringContaining("rank 1 does not see what rank 0 writes") },
      });
    }
    expect(await readdir(path)).toEqual([]);
  });
});
