import { describe, expect, it } from "vitest";
import { frontEndConfig, FRONT_END_PRESETS, type FrontEndConfig } from "../../audio/front-end/index.ts";
import { soundConfigOf } from "../testing/sound-config.ts";
import { framesOfWindow } from "./front-end-value.ts";
import { commandOf } from "./repeat-command.ts";

describe("the command of a run", () => {
  it("has every option that decides what is computed", () => {
    expect(commandOf(soundConfigOf())).toBe(
      "auricle train /data/tones --model mel-cnn --epochs 40 --batch-size 32 --optimizer adamw --learning-rate 0.001 " +
        "--weight-decay 0.01 --schedule one-cycle --label-smoothing 0.1 --balance none --seed 0 --patience 10 " +
        "--target wasm --algorithms fixed --front-end librosa-log-mel --window 2.98 --split 0.85/0.1/0.05 --no-augment",
    );
  });

  it("names a split, a fold, and what was asked for beside", () => {
    const command = commandOf(
      soundConfigOf({
        reading: { splitName: "by speaker", task: "regression" },
        split: {
          fractions: [0.5, 0.25, 0.25],
          official: false,
          fold: { of: 5, number: 2 },
          seed: 3,
          force: true,
          duplicates: true,
          trainSize: null,
        },
        patience: null,
        augmentation: {},
      }),
    );
    expect(command).toContain(
      "--split 0.5/0.25/0.25 --fold 3/5 --split-seed 3 --split-name 'by speaker' --task regression",
    );
    expect(command).toContain("--no-official-split --force-split");
    expect(command).toContain("--no-patience");
    expect(command).not.toContain("--no-augment");
  });

  it("leaves the model out where the weights come from another run, which has one", () => {
    const command = commandOf(soundConfigOf({ transfer: { from: "/runs/it's one", how: "frozen" } }));
    expect(command).toContain("--from '/runs/it'\\''s one' --transfer frozen --split");
    expect(command).not.toMatch(/--model|--window|--front-end/);
  });

  it("names the front end, or has its options where it is no preset", () => {
    const commandWith = (frontEnd: FrontEndConfig) => commandOf(soundConfigOf({ frontEnd }));
    for (const [name, options] of Object.entries(FRONT_END_PRESETS)) {
      expect(commandWith(frontEndConfig(options))).toContain(`--front-end ${name} `);
    }
    const narrow = frontEndConfig({ kind: "melSpectrogram", sampleRate: 8000, melBands: 48 });
    expect(commandWith(narrow)).toContain(`--front-end '${JSON.stringify(narrow)}'`);
  });

  it.each(Object.entries(FRONT_END_PRESETS))("gives the seconds of any window of %s", (_, options) => {
    const frontEnd = frontEndConfig(options);
    // Where the edges are mirrored, even the shortest waveform has two frames.
    for (const windowFrames of [2, 3, 7, 100, 129, 1000, 59_049]) {
      const [, seconds] = /--window (\S+)/.exec(commandOf(soundConfigOf({ frontEnd, windowFrames }))) ?? [];
      expect(Number(seconds)).toBeGreaterThan(0);
      expect(framesOfWindow(frontEnd, Number(seconds)), seconds).toBe(windowFrames);
    }
  });
});
