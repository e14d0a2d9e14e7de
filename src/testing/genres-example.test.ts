/** @file examples/genres.ts does the whole assignment, here on 18 short tracks in three styles. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { encodeWav } from "../audio/index.ts";
import { renderStyle, stylesCollectionPlan } from "../data/synthesis/styles/index.ts";

const cache = vi.hoisted(() => ({ folder: "" }));
vi.mock("env-paths", () => ({ default: () => ({ cache: cache.folder }) }));

const STYLES = ["ambient", "metal", "techno"];
const EPOCHS = 3;

/** Six tracks of four seconds in each style. */
async function writeTracks(folder: string): Promise<void> {
  for (const track of stylesCollectionPlan({ tracksPerStyle: 6, seconds: 4 })) {
    if (!STYLES.includes(track.style)) continue;
    const { sampleRate, samples } = renderStyle(track.style, track);
    const path = join(folder, track.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, encodeWav({ sampleRate, channels: [samples] }));
  }
}

/** The output of the example, by its headings "1. Tracks", "2. Split", … */
const printed = new Map<string, string>();

beforeAll(async () => {
  const temporary = await mkdtemp(join(tmpdir(), "auricle-test-"));
  cache.folder = join(temporary, "cache");
  await writeTracks(join(temporary, "genres"));
  const { argv } = process;
  process.argv = [...argv.slice(0, 2), join(temporary, "genres"), String(EPOCHS)];
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await import("../../examples/genres.ts");
  let heading = "";
  for (const [text] of log.mock.calls) {
    const [, title] = /^\n(\d+\. .*)$/.exec(String(text)) ?? [];
    if (title) printed.set((heading = title), "");
    else printed.set(heading, `${printed.get(heading)}${text}\n`);
  }
  return async () => {
    log.mockRestore();
    process.argv = argv;
    await rm(temporary, { recursive: true, force: true });
  };
}, 60_000);

/** Returns the output below a heading. */
function below(heading: string): string {
  return printed.get(heading) ?? expect.fail(`nothing is printed below "${heading}"`);
}

/** The counts of a confusion matrix, row by row. */
function confusionBelow(heading: string): number[][] {
  const [, table] = below(heading).split("in the same order\n");
  const rows = table.split("\n").slice(0, STYLES.length);
  expect(rows.map((row) => row.split(" ")[0])).toEqual(STYLES);
  return rows.map((row) => [...row.matchAll(/\d+/g)].map(([count]) => Number(count)));
}

/** Figures by epoch: `figuresOf("7. Fit", "loss")`. */
function figuresOf(heading: string, name: "loss" | "accuracy"): number[] {
  const lines = below(heading).matchAll(/^epoch \d+: loss ([\d.]+), accuracy ([\d.]+); validation: /gm);
  return [...lines].map(([, loss, accuracy]) => Number(name === "loss" ? loss : accuracy));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

describe("examples/genres.ts", () => {
  it("goes through the assignment in its order", () => {
    expect([...printed.keys()]).toEqual([
      "1. Tracks",
      "2. Split",
      "4. Spectrograms",
      "5. The first network",
      "7. Fit",
      "8. Curves",
      "9. Confusion matrix of the validation tracks",
      "10. A better network",
      "11. Test",
      "12. One recording",
    ]);
  });

  it("lists the tracks and looks at one", () => {
    // 4 s · 22,050 Hz
    expect(below("1. Tracks")).toBe(
      "18 tracks of 3 genres: ambient, metal, techno\nambient/ambient.00000.wav: 88200 samples at 22050 Hz\n",
    );
  });

  it("splits them 85/10/5 before windows are cut", () => {
    // 18 tracks: 15.3, 1.8 and 0.9; then eight windows of each.
    expect(below("2. Split")).toContain("15 training tracks, 2 validation tracks, 1 test tracks");
    expect(below("4. Spectrograms")).toContain("120 windows in an epoch, 120 × 129 × 1 numbers each");
  });

  it("shows both networks", () => {
    // 5·5·1·4 + 4; 60·65·4 = 15,600 values for the dense layer, 15,600·3 + 3.
    expect(below("5. The first network")).toMatch(
      /conv2d_1 .* 104 [^]* 15600 [^]* 46,803 [^]*Parameters: 46,907/,
    );
    // 9·(1·16 + 16·32 + 32·64 + 64·64) for the convolutions, 4·(16 + 32 + 64 + 64) for the normalisations, 64·3 + 3.
    expect(below("10. A better network")).toContain("Parameters: 60,947");
  });

  it("trains both so that they know the training tracks better than chance", () => {
    const [, untrained, guessing] = /training ([\d.]+), of guessing ([\d.]+)/.exec(below("7. Fit")) ?? [];
    expect(Number(guessing)).toBeCloseTo(Math.log(3), 3);
    const losses = figuresOf("7. Fit", "loss");
    expect(losses.length).toBe(EPOCHS);
    expect(losses[EPOCHS - 1]).toBeLessThan(0.75 * Number(untrained));
    const accuracies = figuresOf("10. A better network", "accuracy");
    expect(accuracies.length).toBe(EPOCHS);
    // Five tracks of each style: guessing is right once in three times.
    expect(accuracies[EPOCHS - 1]).toBeGreaterThan(0.8);
  });

  it("draws a bar for each epoch", () => {
    for (const heading of ["8. Curves", "10. A better network"]) {
      const curves = below(heading).match(/^(loss|valLoss|accuracy|valAccuracy) +[▁▂▃▄▅▆▇█]+$/gm);
      expect(curves?.map((line) => [...line.split(/ +/)[1]].length)).toEqual([
        EPOCHS,
        EPOCHS,
        EPOCHS,
        EPOCHS,
      ]);
    }
  });

  it("counts whole tracks in confusion matrices", () => {
    expect(sum(confusionBelow("9. Confusion matrix of the validation tracks").flat())).toBe(2);
    expect(sum(confusionBelow("10. A better network").flat())).toBe(2);
    const test = confusionBelow("11. Test");
    expect(sum(test.flat())).toBe(1);
    const right = sum(test.map((row, genre) => row[genre]));
    expect(below("11. Test")).toContain(`test accuracy: ${right === 1 ? "100.0" : "0.0"} % of 1 tracks`);
  });

  it("names the genre of one recording", () => {
    const match = /^(\w+)\/\1\.\d+\.wav: (\w+), with a probability of ([\d.]+)$/m.exec(
      below("12. One recording"),
    );
    expect(STYLES).toContain(match?.[2]);
    // The largest of three with sum 1.
    expect(Number(match?.[3])).toBeGreaterThanOrEqual(0.33);
  });
});
