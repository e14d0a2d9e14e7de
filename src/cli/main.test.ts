/** @file The command as a process: killed, interrupted, with a closed pipe and a full disk. */

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execPath, platform } from "node:process";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { writeDigitsFolder } from "../runs/testing/idx-folder.ts";
import { toneFile, writeRecording } from "../runs/testing/recordings.ts";
import { builtCommand, RunningCommand, type Ended } from "./testing/built-command.ts";
import { jsonLines } from "./testing/command-line.ts";

let command: string;

beforeAll(async () => {
  command = await builtCommand();
}, 120_000);

function start(parameters: readonly string[]): RunningCommand {
  return new RunningCommand(execPath, [command, ...parameters]);
}

function run(parameters: readonly string[]): Promise<Ended> {
  return start(parameters).ended;
}

const RECIPE = ["--epochs", "4", "--batch-size", "20", "--threads", "1"];

async function digitsFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await writeDigitsFolder(folder, { train: 200, test: 50 });
  return folder;
}

/** The content of all files of a run that must not depend on how often it was interrupted. */
async function lastingFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    let content = await readFile(path, "latin1");
    // Times are not the same twice.
    if (entry.name === "metrics.jsonl") content = content.replace(/"seconds":[^}]*/g, "");
    if (entry.name === "metrics.csv") content = content.replace(/,[^,]*$/gm, "");
    // It has the date and the times.
    if (entry.name === "report.html") content = "";
    files.set(path.slice(folder.length), content);
  }
  return files;
}

describe("a run that is killed", () => {
  it("ends, when it is resumed, with the bits of one never killed", { timeout: 180_000 }, async () => {
    const data = await digitsFolder();
    const folder = await temporaryFolder();
    const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
    const began = performance.now();
    expect((await run(["train", data, "--out", whole, ...RECIPE])).code).toBe(0);
    const duration = performance.now() - began;
    // Kills at ever later moments, from the very start to past the end, until one attempt gets through.
    let kills = 0;
    for (let part = 0.3; ; part += 0.2) {
      const attempt = start(["train", data, "--out", killed, "--resume", ...RECIPE]);
      const timer = setTimeout(() => attempt.process.kill("SIGKILL"), part * duration);
      const { code, stderr } = await attempt.ended;
      clearTimeout(timer);
      if (code === 0) break;
      expect([code, stderr]).toEqual([null, ""]);
      kills++;
    }
    expect(kills).toBeGreaterThanOrEqual(2);
    const expected = await lastingFiles(whole);
    const found = await lastingFiles(killed);
    for (const [name, content] of expected) expect(found.get(name) === content, name).toBe(true);
  });

  it("ends so too when it is killed at the moment an epoch ends", { timeout: 120_000 }, async () => {
    const data = await digitsFolder();
    const folder = await temporaryFolder();
    const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
    await run(["train", data, "--out", whole, ...RECIPE]);
    for (const epoch of [1, 2]) {
      const attempt = start(["train", data, "--out", killed, "--resume", "--json", ...RECIPE]);
      await attempt.printed(new RegExp(`"epoch":${epoch},`));
      attempt.process.kill("SIGKILL");
      expect((await attempt.ended).code).toBeNull();
      expect(existsSync(join(killed, "result.json"))).toBe(false);
    }
    const last = await run(["train", "--resume", killed, "--json", "--threads", "2"]);
    expect(jsonLines(last.stdout)[0]).toMatchObject({ event: "start", epochsDone: 2 });
    const expected = await lastingFiles(whole);
    const found = await lastingFiles(killed);
    expected.delete("/versions.json");
    for (const [name, content] of expected) expect(found.get(name) === content, name).toBe(true);
    expect([...found.keys()].sort()).toEqual([...expected.keys(), "/versions.json"].sort());
  });
});

const LONG = ["--epochs", "1000", "--batch-size", "20", "--threads", "1"];

// Windows has no signals: its Ctrl-C reaches a process by its console alone.
describe.runIf(platform !== "win32")("signals and pipes", () => {
  it("says so also while recordings are decoded, and keeps what was", { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "tones");
    for (let i = 0; i < 40; i++) {
      const tone = toneFile({ frequencies: [300], seed: i, seconds: 20, sampleRate: 44_100 });
      await writeRecording(join(data, i % 2 ? "low" : "high", `${i}.wav`), tone);
    }
    for (const argv of [
      ["train", data, "--out", join(folder, "run")],
      ["inspect", data],
    ]) {
      const features = join(folder, `features of ${argv[0]}`);
      const going = start([...argv, "--feature-folder", features, "--threads", "2"]);
      // Files come as soon as something is decoded.
      while ((await readdir(features).catch(() => [])).length === 0 && going.process.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      going.process.kill("SIGINT");
      const { code, stderr } = await going.ended;
      expect([code, going.process.signalCode], argv[0]).toEqual([130, null]);
      expect(stderr).toMatch(/Interrupted.* (cached|kept): the same command continues from here\./);
    }
    // No run was made, so none is in the way.
    expect(existsSync(join(folder, "run"))).toBe(false);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s ends training in good order, and the run can go on",
    async (signal) => {
      const data = await digitsFolder();
      const out = join(await temporaryFolder(), "run");
      const training = start(["train", data, "--out", out, "--json", ...LONG]);
      await training.printed(/"epoch":1,/);
      training.process.kill(signal);
      const { code, stdout, stderr } = await training.ended;
      expect(code).toBe(130);
      expect(stderr).toContain("Press Ctrl-C again to stop at once");
      expect(stderr).toContain(`auricle train --resume ${out}`);
      const events = jsonLines(stdout);
      const { epochsDone } = events[events.length - 1] as { epochsDone: number };
      expect(events.at(-1)).toEqual({ event: "interrupted", run: out, epochsDone });
      expect(events.filter(({ event }) => event === "epoch")).toHaveLength(epochsDone);
      const resumed = start(["train", "--resume", out, "--json"]);
      await resumed.printed(/"start"/);
      resumed.process.kill(signal);
      expect(jsonLines((await resumed.ended).stdout)[0]).toMatchObject({ event: "start", epochsDone });
    },
  );

  it("says so where the system allows too few open files", async () => {
    for (const limit of [40, 160]) {
      const script = `ulimit -n ${limit} && exec "$0" "$1" --version`;
      const { code, stderr } = await new RunningCommand("sh", ["-c", script, execPath, command]).ended;
      expect([code, stderr]).toEqual([
        1,
        `error: Auricle could not be loaded: the system allows only ${limit} open files (ulimit -n); raise the limit: ulimit -n 512\n`,
      ]);
    }
  });

  it("two processes do not train one run", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    const first = start(["train", data, "--out", out, "--json", ...LONG]);
    await first.printed(/"epoch":1,/);
    const second = await run(["train", "--resume", out]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`this run is being trained by process ${first.process.pid}`);
    first.process.kill("SIGINT");
    expect((await first.ended).code).toBe(130);
  });

  it("a closed pipe ends it quietly", async () => {
    const pipe = new RunningCommand("sh", ["-c", '"$0" "$1" data --json | head -n 1', execPath, command]);
    const { code, stdout, stderr } = await pipe.ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(jsonLines(stdout)).toHaveLength(1);
  });

  it("training whose pipe is closed keeps what it has", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    const script = '"$0" "$1" train "$2" --out "$3" --json --epochs 1000 --threads 1 | head -n 2';
    const pipe = new RunningCommand("sh", ["-c", script, execPath, command, data, out]);
    const { stdout, stderr } = await pipe.ended;
    expect(jsonLines(stdout).map(({ event }) => event)).toEqual(["start", "epoch"]);
    expect(stderr).toContain(`auricle train --resume ${out}`);
    expect(existsSync(join(out, "last.safetensors"))).toBe(true);
  });

  it("a disk that takes no more is told, and the run goes on when there is room", async () => {
    const data = await digitsFolder();
    const folder = await temporaryFolder();
    const [whole, out] = [join(folder, "whole"), join(folder, "run")];
    await run(["train", data, "--out", whole, ...RECIPE]);
    // At most 200 blocks of 512 or 1,024 bytes to a file: too little for the weights.
    // With a handler for its signal the limit gives an error, as a full disk does, and does not end the process.
    const handler = 'data:text/javascript,process.on("SIGXFSZ", () => {})';
    const parameters = [execPath, "--import", handler, command, "train", data, "--out", out, ...RECIPE];
    const limited = await new RunningCommand("sh", ["-c", 'ulimit -f 200; exec "$@"', "sh", ...parameters])
      .ended;
    expect(limited.code).toBe(1);
    expect(limited.stderr).toMatch(/^error: cannot write .*: the file is larger than/);
    expect(limited.stderr).not.toContain("    at ");
    expect((await run(["train", "--resume", out])).code).toBe(0);
    expect(await readFile(join(out, "result.json"), "utf8")).toBe(
      await readFile(join(whole, "result.json"), "utf8"),
    );
  });

  it("a place where nothing may be written is told", async () => {
    const data = await digitsFolder();
    const out = join(data, "train-labels-idx1-ubyte", "run");
    const { code, stderr } = await run(["train", data, "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: cannot create the folder ${out}: a part of the path is a file, and a folder is needed (ENOTDIR)\n`,
    );
  });
});

// Windows has no signals.
describe.runIf(platform !== "win32")("the studio", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends with %s, as it should", async (signal) => {
    const app = join(dirname(command), "..", "studio");
    await mkdir(app, { recursive: true });
    // Other tests use the same build.
    onTestFinished(() => rm(app, { recursive: true }));
    await writeFile(join(app, "index.html"), "<title>Studio</title>");
    const cwd = await temporaryFolder();
    const options = ["studio", "--no-open", "--port", "0", "--json"];
    const studio = new RunningCommand(execPath, [command, ...options], { cwd });
    await studio.printed(/"studio"/);
    const [{ address }] = jsonLines(studio.stdout) as { address: string }[];
    expect(await (await fetch(address)).text()).toBe("<title>Studio</title>");
    studio.process.kill(signal);
    const { code, stderr } = await studio.ended;
    expect([code, stderr]).toEqual([0, "Ctrl-C stops it.\n"]);
  });
});
