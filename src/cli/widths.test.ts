/** @file Every command keeps to 80 columns: its help, its tables, whatever names its data have. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { MODEL_NAMES } from "../models/index.ts";
import { toneFile, writeRecording } from "../runs/testing/recordings.ts";
import { auricle } from "./testing/command-line.ts";
import { soundTests } from "./testing/sound-runs.ts";
import { displayWidth } from "./text.ts";

const tests = soundTests();
let data: string;
let run: string;

const NAMES = [
  "🎸 guitars of all kinds, recorded in a barn 🐄🐄🐄",
  "日本の伝統音楽のとても長い名前のフォルダー",
  "low",
];

beforeAll(async () => {
  data = join(tests.folder, "music 🎶");
  run = join(tests.folder, "run 🏃");
  for (const [i, name] of NAMES.entries()) {
    for (let clip = 0; clip < 8; clip++) {
      const tone = toneFile({ frequencies: [300 * 3 ** i], seed: 100 * i + clip });
      await writeRecording(join(data, name, `${name} ${clip}.wav`), tone);
    }
    await writeRecording(join(data, name, "broken.wav"), "no sound");
  }
  const { code } = await tests.train(data, run, "--split", "0.5/0.25/0.25");
  expect([0, 3]).toContain(code);
});

/** Lines that hold a path are whole, however long: they are copied. */
function requireNarrow(text: string): void {
  for (const line of text.split("\n")) {
    if (line.includes(tests.folder)) continue;
    expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  }
}

const COMMANDS = [
  "learning-rate",
  "inspect",
  "train",
  "eval",
  "predict",
  "tag",
  "pitch",
  "explain",
  "features",
  "export",
  "import",
  "studio",
  "serve",
  "sweep",
  "runs",
  "models",
  "pretrained",
  "summary",
  "data",
  "cache",
];

describe("80 columns", () => {
  it.each([[], ...COMMANDS.map((command) => [command])])(
    "hold the help of auricle %s",
    async (...command) => {
      const { code, stdout } = await auricle([...command, "--help"]);
      expect(code).toBe(0);
      for (const line of stdout.split("\n")) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    },
  );

  it("knows all commands that there are", async () => {
    const { stdout } = await auricle(["--help"]);
    const listed = [...stdout.matchAll(/^ {2}([a-z-]+) [[<]/gm)].map(([, name]) => name);
    expect(listed.filter((name) => name !== "help").sort()).toEqual([...COMMANDS].sort());
  });

  it.each(["inspect", "eval", "train"])(
    "hold what %s says of names in emoji and ideographs",
    async (command) => {
      const options =
        {
          inspect: [data],
          eval: [run],
          train: [
            data,
            "--out",
            join(tests.folder, "again"),
            "--window",
            "0.1",
            "--model",
            "notebook",
            "--epochs",
            "2",
            "--split",
            "0.5/0.25/0.25",
          ],
        }[command] ?? [];
      const { stdout } = await tests.run([command, ...options, "--threads", "1"]);
      expect(stdout.split("\n").length).toBeGreaterThan(8);
      requireNarrow(stdout);
    },
  );

  it("lists what is wrong in the order in which people count", async () => {
    const folder = join(tests.folder, "numbered");
    for (const name of ["a", "b"]) {
      for (const clip of [1, 2, 4, 10])
        await writeRecording(join(folder, name, `track${clip}.wav`), "no sound");
      await writeRecording(
        join(folder, name, "good.wav"),
        toneFile({ frequencies: [300], seed: name.charCodeAt(0) }),
      );
    }
    const { stdout } = await tests.run(["inspect", folder, "--threads", "1"]);
    const tracks = [...stdout.matchAll(/^ +(\w)[/\\]track(\d+)\.wav/gm)].map(
      ([, name, track]) => `${name}${track}`,
    );
    expect(tracks).toEqual(["a1", "a2", "a4", "a10", "b1", "b2", "b4", "b10"]);
  });

  it("hold predictions, their summary and the cache", async () => {
    const { stdout } = await auricle(["predict", run, data, "--threads", "1"]);
    expect(stdout).toContain("Summary: 24 of 27");
    requireNarrow(stdout);
    requireNarrow((await tests.run(["cache"])).stdout);
    requireNarrow((await auricle(["data"])).stdout);
  });

  it("hold an explanation", async () => {
    const out = join(tests.folder, "why");
    const { stdout } = await auricle([
      "explain",
      run,
      join(data, NAMES[1], `${NAMES[1]} 0.wav`),
      "--out",
      out,
    ]);
    requireNarrow(stdout);
  });

  it("hold an export", async () => {
    const { code, stdout } = await auricle(["export", run, "--onnx", join(tests.folder, "run 🏃.onnx")]);
    expect(code).toBe(0);
    expect(stdout).toContain("run 🏃.onnx\n");
    requireNarrow(stdout);
  });

  it("hold the summary of every model and of the run", async () => {
    for (const model of [...MODEL_NAMES, run]) requireNarrow((await auricle(["summary", model])).stdout);
  });
});
