import { expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { soundConfigOf } from "../testing/sound-config.ts";
import { checkSameRun } from "./check-same-run.ts";
import type { TrainingValues } from "./training-values.ts";

type Asked = TrainingValues & { readonly data?: string };

const CONFIG = soundConfigOf({ reading: { splitName: "official" } });

it("lets a run go on with what it began with, in whichever words", () => {
  const same: Asked[] = [
    {},
    { data: "/data/tones", epochs: 40, seed: 0, patience: 10, augment: false },
    { splitName: "official", task: "classification" },
    { window: 65536 / 22050, model: "mel-cnn", frontEnd: "librosa-log-mel" },
    { split: [0.85, 0.1, 0.05], officialSplit: true, forceSplit: false, target: "wasm" },
    { threads: 7, json: true, out: "/elsewhere" },
  ];
  for (const wanted of same) expect(() => checkSameRun("/runs/a", CONFIG, wanted)).not.toThrow();
  const transferred = soundConfigOf({ transfer: { from: "/runs/b", how: "frozen" } });
  expect(() => checkSameRun("/runs/a", transferred, { from: "/runs/b", freeze: true })).not.toThrow();
});

it.each<[Asked, string]>([
  [{ data: "/data/others" }, 'data "/data/tones"; got "/data/others"'],
  [{ data: "gtzan" }, 'data "/data/tones"; got "gtzan"'],
  [{ splitName: "random" }, 'split name "official"; got "random"'],
  [{ task: "tagging" }, 'task "classification"; got "tagging"'],
  [{ model: "musicnn" }, 'model "mel-cnn"; got "musicnn"'],
  [{ window: 1 }, "window 129; got 44"],
  [{ split: [0.8, 0.1, 0.1] }, "split [0.85,0.1,0.05]; got [0.8,0.1,0.1]"],
  [{ fold: "2/5" }, 'fold null; got "2/5"'],
  [{ officialSplit: false }, "official split true; got false"],
  [{ forceSplit: true }, "force split false; got true"],
  [{ batchSize: 16 }, "batch size 32; got 16"],
  [{ optimizer: "sgd" }, 'optimizer "adamw"; got "sgd"'],
  [{ weightDecay: 0 }, "weight decay 0.01; got 0"],
  [{ schedule: "cosine" }, 'schedule "one-cycle"; got "cosine"'],
  [{ labelSmoothing: 0 }, "label smoothing 0.1; got 0"],
  [{ balance: "weights" }, 'balance "none"; got "weights"'],
  [{ seed: 1 }, "seed 0; got 1"],
  [{ patience: null }, "patience 10; got null"],
  [{ from: "/b" }, 'from null; got "/b"'],
  [{ algorithms: "direct" }, 'algorithms "fixed"; got "direct"'],
  [{ target: "reference" }, 'target "wasm"; got "reference"'],
])("refuses %j", (wanted, message) => {
  const check = () => checkSameRun("/runs/a", CONFIG, wanted);
  expect(check).toThrow(AuricleError);
  expect(check).toThrow(`/runs/a: a resumed run keeps ${message}: omit the option`);
});
