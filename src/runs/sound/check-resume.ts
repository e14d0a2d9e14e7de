/** @file Whether what is asked of a run that goes on is what it began with. Node only. */

import { frontEndConfig } from "../../audio/front-end/config.ts";
import { AuricleError } from "../../errors.ts";
import { dataOf, transferOf } from "./new-config.ts";
import type { SoundConfig } from "./sound-config.ts";
import { framesOfWindow } from "./sound-data.ts";
import type { SoundRequest } from "./sound-run.ts";

/** The changes requested of a run that has begun; anything left out stays as it is. */
export type ResumeSoundRequest = Partial<SoundRequest>;

/** @throws AuricleError "argument" naming the first thing that differs. */
export function checkSameRun(path: string, config: SoundConfig, wanted: ResumeSoundRequest): void {
  for (const [name, asked, own] of compared(config, wanted)) {
    const [came, is] = [JSON.stringify(asked), JSON.stringify(own)];
    if (asked === undefined || came === is) continue;
    throw new AuricleError(
      "argument",
      `${path}: a resumed run keeps ${name} ${is}; got ${came}: omit the option or start a new ` + "run",
    );
  }
}

/** As the command has it, from 1. */
function foldText({ number, of }: NonNullable<SoundConfig["split"]["fold"]>): string {
  return `${number + 1}/${of}`;
}

type Compared = readonly [name: string, asked: unknown, own: unknown];

function compared(config: SoundConfig, wanted: ResumeSoundRequest): Compared[] {
  const { split, reading } = config;
  const { data, frontEnd, windowSeconds, transfer } = wanted;
  return [
    ["data", data === undefined ? undefined : dataOf(data), config.data],
    ["split name", wanted.reading?.splitName, reading.splitName],
    ["task", wanted.reading?.task, config.task],
    // Where the weights come from another run, the model is that run's, whatever was asked for.
    ["recipe", wanted.recipe, config.recipe],
    ["model", transfer ? undefined : wanted.model, config.model],
    ["front end", frontEnd && frontEndConfig(frontEnd), config.frontEnd],
    ["window", windowSeconds && framesOfWindow(config.frontEnd, windowSeconds), config.windowFrames],
    ["split", wanted.fractions, split.fractions],
    ["fold", wanted.fold && foldText(wanted.fold), split.fold && foldText(split.fold)],
    ["official split", wanted.official, split.official],
    ["forced split", wanted.force, split.force],
    ["duplicates", wanted.duplicates, split.duplicates],
    ["epochs", wanted.epochs, config.epochs],
    ["batch size", wanted.batchSize, config.batchSize],
    ["optimizer", wanted.optimizer, config.optimizer],
    ["learning rate", wanted.learningRate, config.learningRate],
    ["weight decay", wanted.weightDecay, config.weightDecay],
    ["schedule", wanted.schedule, config.schedule],
    ["label smoothing", wanted.labelSmoothing, config.labelSmoothing],
    ["balance", wanted.balance, config.balance],
    ["augmentation", wanted.augment, config.augmentation !== "none"],
    ["seed", wanted.seed, config.seed],
    ["patience", wanted.patience, config.patience],
    ["transfer", transfer && transferOf(transfer), config.transfer],
    ["target", wanted.target, config.target],
    ["algorithms", wanted.algorithms, config.algorithms],
  ];
}
