import { expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { soundConfigOf } from "../testing/sound-config.ts";
import { checkSameRun, type ResumeSoundRequest } from "./check-resume.ts";

const CONFIG = soundConfigOf({ reading: { splitName: "official" } });

it("lets a run go on with what it began with, in whichever words", () => {
  const same: ResumeSoundRequest[] = [
    {},
    { data: "/data/../data/tones", epochs: 40, seed: 0, patience: 10, augment: false },
    { reading: { splitName: "official", task: "classification" } },
    { windowSeconds: 65536 / 22050, model: "mel-cnn", frontEnd: FRONT_END_PRESETS["librosa-log-mel"] },
    { fractions: [0.85, 0.1, 0.05], official: true, force: false, target: "wasm" },
  ];
  for (const wanted of same) expect(() => checkSameRun("/runs/a", CONFIG, wanted)).not.toThrow();
  const transferred = soundConfigOf({ transfer: { from: "/runs/b", freeze: true } });
  const wanted: ResumeSoundRequest = { model: "m5", transfer: { from: "/runs/c/../b", freeze: true } };
  expect(() => checkSameRun("/runs/a", transferred, wanted)).not.toThrow();
});

it.each<[ResumeSoundRequest, string]>([
  [{ data: "/data/others" }, 'data "/data/tones"; got "/data/others"'],
  [{ data: "gtzan" }, 'data "/data/tones"; got "gtzan"'],
  [{ reading: { splitName: "random" } }, 'split name "official"; got "random"'],
  [{ reading: { task: "tagging" } }, 'task "classification"; got "tagging"'],
  [{ model: "musicnn" }, 'model "mel-cnn"; got "musicnn"'],
  [{ windowSeconds: 1 }, "window 129; got 44"],
  [{ fractions: [0.8, 0.1, 0.1] }, "split [0.85,0.1,0.05]; got [0.8,0.1,0.1]"],
  [{ fold: { of: 5, number: 1 } }, 'fold null; got "2/5"'],
  [{ official: false }, "official split true; got false"],
  [{ force: true }, "forced split false; got true"],
  [{ batchSize: 16 }, "batch size 32; got 16"],
  [{ optimizer: "sgd" }, 'optimizer "adamw"; got "sgd"'],
  [{ weightDecay: 0 }, "weight decay 0.01; got 0"],
  [{ schedule: "cosine" }, 'schedule "one-cycle"; got "cosine"'],
  [{ labelSmoothing: 0 }, "label smoothing 0.1; got 0"],
  [{ balance: "weights" }, 'balance "none"; got "weights"'],
  [{ seed: 1 }, "seed 0; got 1"],
  [{ patience: null }, "patience 10; got null"],
  [{ transfer: { from: "/b", freeze: false } }, 'transfer null; got {"from":"/b","freeze":false}'],
  [{ target: "reference" }, 'target "wasm"; got "reference"'],
])("refuses %j", (wanted, message) => {
  const check = () => checkSameRun("/runs/a", CONFIG, wanted);
  expect(check).toThrow(AuricleError);
  expect(check).toThrow(`/runs/a: a resumed run keeps ${message}: omit the option`);
});
