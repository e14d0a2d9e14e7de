/** @file A sweep on the ranks of a job: rank 0 decides what is trained, and all train, each one run at a time. Node only. */

import { compareRanks, HASH } from "../distributed/compare-ranks.ts";
import type { Ranks } from "../distributed/ranks.ts";
import { sha256 } from "#here/io/sha256";
import { processFacts } from "../runs/share-run.ts";
import { meetInFolder } from "./common-folder.ts";
import { RankTrainer, trainForRank0 } from "./rank-trainer.ts";
import { runSweep } from "./run-sweep.ts";
import { textOf } from "./sweep-folder.ts";
import type { SweepControls, SweepOutcome } from "./sweep-events.ts";
import type { Sweep } from "./sweep-file.ts";
import type { Trainer } from "./trainer.ts";
import { trainInProcess } from "./trainer-process.ts";

/**
 * Carries a sweep out as {@link runSweep} does, with as many runs side by side as there are ranks.
 * @param path absolute, on a file system that all ranks share
 * @param controls this rank's; `show` and `signal` matter on rank 0 alone
 * @returns the outcome on rank 0, undefined on others
 * @throws AuricleError "argument" where ranks differ; "file" where they do not share the folder; on rank 0 as {@link runSweep}
 */
export async function runSweepOnRanks(
  ranks: Ranks,
  sweep: Sweep,
  path: string,
  controls: Omit<SweepControls, "parallel" | "trainer">,
): Promise<SweepOutcome | undefined> {
  await compareRanks(ranks, {
    ...processFacts(sweep.base.target ?? undefined),
    "the sweep file": HASH + sha256().update(textOf(sweep)).digest(),
  });
  await meetInFolder(ranks, path);
  const { reading, threads } = controls;
  // A rank reads and computes as its own machine allows.
  const here: Trainer = (task, ...rest) =>
    trainInProcess({ ...task, options: { ...reading, threads } }, ...rest);
  if (ranks.rank > 0) {
    await trainForRank0(ranks, here);
    return undefined;
  }
  const { train, during } = new RankTrainer(ranks, here);
  return during(runSweep(sweep, path, { ...controls, parallel: ranks.size, trainer: train }));
}
