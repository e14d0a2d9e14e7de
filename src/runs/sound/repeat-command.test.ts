import { describe, expect, it } from "vitest";
import { frontEndConfig, FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS } from "../../models/index.ts";
import { soundConfigOf } from "../testing/sound-config.ts";
import { commandOf } from "./repeat-command.ts";
import { framesOfWindow } from "./sound-data.ts";

describe("the command of a run", () => {
  it("has every option that decides what is computed", () => {
    expect(commandOf(soundConfigOf())).toBe(
      "auricle train /data/tones --model mel-cnn --window 2.98 --split 0.85/0.1/0.05 --epochs 40 --batch-size 32 " +
        "--optimizer adamw --learning-rate 0.001 --weight-decay 0.01 --schedule one-cycle --label-smoothing 0.1 " +
        "--balance none --no-augment --patience 10 --seed 0 --target wasm --algorithms fixed",
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
        },
        patience: null,
        augmentation: {},
      }),
    );
    expect(command).toContain("--split-name 'by speaker' --task regression --fold 3/5 --split 0.5/0.25/0.25");
    expect(command).toContain("--no-official-split --force-split");
    expect(command).toContain("--no-patience");
    expect(command).not.toContain("--no-augment");
  });

  it("leaves the model out where the weights come from another run, which has one", () => {
    const command = commandOf(soundConfigOf({ transfer: { from: "/runs/it's one", freeze: true } }));
    expect(command).toContain("auricle train /data/tones --from '/runs/it'\\''s one' --freeze --split");
    expect(command).not.toMatch(/--model|--window|--front-end/);
  });

  it("names the front end only where it is not the model's own", () => {
    const frontEnd = frontEndConfig(FRONT_END_PRESETS.vggish);
    expect(commandOf(soundConfigOf({ frontEnd }))).toContain("--model mel-cnn --front-end vggish --window");
    for (const model of AUDIO_MODEL_NAMES) {
      const own = frontEndConfig(AUDIO_MODELS[model].frontEnd);
      expect(commandOf(soundConfigOf({ model, frontEnd: own }))).not.toContain("--front-end");
    }
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
