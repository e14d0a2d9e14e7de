/** @file `auricle learning-rate`. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { withoutCode } from "../../report/testing/page-elements.ts";
import { NOT_LEARNED } from "../context.ts";
import { jsonLines } from "../testing/command-line.ts";
import { soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let data: string;

beforeAll(async () => {
  data = join(tests.folder, "tones");
  await writeToneFolder(data);
});

const QUICK = ["--model", "notebook", "--window", "0.1", "--threads", "1", "--batch-size", "8"];

const test = (...options: string[]) => tests.run(["learning-rate", data, ...QUICK, ...options]);

it("suggests a rate with which the training learns, which it does not at a thousandth", async () => {
  const { code, stdout } = await test("--json");
  expect(code).toBe(0);
  const [outcome] = jsonLines(stdout);
  const { suggestion } = outcome as { suggestion: number };
  const trained = async (rate: number) => {
    const out = join(tests.folder, `rate-${rate}`);
    const options = [
      "--out",
      out,
      "--learning-rate",
      String(rate),
      "--epochs",
      "2",
      "--schedule",
      "constant",
    ];
    await tests.run(["train", data, ...QUICK, ...options]);
    const result = JSON.parse(await readFile(join(out, "result.json"), "utf8")) as {
      evaluations: { loss: number }[];
    };
    return result.evaluations[0].loss;
  };
  // ln 2 is the loss of guessing.
  expect(await trained(suggestion)).toBeLessThan(0.2);
  expect(await trained(suggestion / 1000)).toBeGreaterThan(0.4);
});

it("draws the curve in 80 columns and writes it as a page and as a table", async () => {
  const [page, table] = [join(tests.folder, "rates.html"), join(tests.folder, "rates.csv")];
  const { code, stdout } = await test("--steps", "30", "--out", page, "--csv", table, "--optimizer", "sgd");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^notebook on tones$/m);
  expect(stdout).toMatch(/^sgd, batches of 8, \d+ steps, seed 0;/m);
  expect(stdout).toMatch(/▲/);
  expect(stdout).toMatch(/^Suggested learning rate: \d/m);
  for (const line of stdout.split("\n").filter((line) => !line.startsWith("Page: "))) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
  const rows = (await readFile(table, "utf8")).trimEnd().split("\r\n");
  expect(rows[0]).toBe("step,learning rate,loss,smoothed loss");
  expect(rows[1]).toMatch(/^1,0\.000001,/);
  expect(rows.length).toBeGreaterThan(11);
  const html = await readFile(page, "utf8");
  expect(html).toContain("notebook on tones: learning rates");
  expect(html).toMatch(/class="line third" d="M[\d.]+ 1000h0L[\d.]+ 0"/);
  expect(withoutCode(html)).not.toMatch(/NaN|undefined|Infinity/);
});

it("tests images as well", async () => {
  const digits = join(tests.folder, "digits");
  await mkdir(digits, { recursive: true });
  await writeDigitsFolder(digits, { train: 120, test: 10 });
  const { code, stdout } = await tests.run([
    "learning-rate",
    digits,
    "--threads",
    "1",
    "--batch-size",
    "8",
    "--json",
  ]);
  expect(code).toBe(0);
  const [{ config, suggestion }] = jsonLines(stdout);
  expect(config).toMatchObject({ kind: "images" });
  // LeNet-5 with Adam: its usual rate is 0.001.
  expect(suggestion).toBeGreaterThan(1e-4);
  expect(suggestion).toBeLessThan(1e-2);
});

it("writes the table alone to stdout", async () => {
  const { stdout } = await test("--steps", "12", "--csv", "-");
  expect(stdout).toMatch(/^step,learning rate,loss,smoothed loss\r\n1,/);
  expect(
    stdout
      .trimEnd()
      .split("\r\n")
      .every((line) => line.split(",").length === 4),
  ).toBe(true);
});

it("exits with 3 where the loss does not fall in the range", async () => {
  const { code, stdout } = await test("--min", "1e-12", "--max", "1e-10", "--steps", "10");
  expect(code).toBe(NOT_LEARNED);
  expect(stdout).toMatch(/No suggestion: the smoothed loss did not fall/);
});

it("refuses a range that is none, and options that it has no use for", async () => {
  for (const [options, said] of [
    [["--min", "1", "--max", "0.1"], "--min must be below --max"],
    [["--out", "rates.png"], "must end with .html"],
    [["--steps", "3"], "must be a whole number, 10 or more"],
    [["--epochs", "3"], "unknown option '--epochs'"],
    [["--json", "--csv", "-"], "cannot both write to stdout"],
  ] as const) {
    const { code, stderr } = await test(...options);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  }
});
