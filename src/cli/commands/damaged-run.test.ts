import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { readRunJson } from "../testing/sound-runs.ts";

/** The ways in which a file of a run is damaged, each applied to the file at a path. */
const DAMAGES = {
  missing: (path: string) => rm(path),
  empty: (path: string) => writeFile(path, ""),
  truncated: async (path: string) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
  },
  // In the first line of a log, the header of a model file, the first words of JSON.
  altered: async (path: string) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0xff, 12, 20));
  },
} as const;

type Damage = keyof typeof DAMAGES;

/**
 * The way a command reacts to a run with one damaged file. "unharmed": as if the file were whole; "said": it recovers and
 * says so; "refused": it ends with an error that names the file and the remedy.
 */
type Reaction = "unharmed" | "said" | "refused";

type Track = "images" | "sound";
type State = "interrupted" | "finished";
type Case = [track: Track, state: State, command: string, file: string, damage: Damage, reaction: Reaction];

let folder = "";
const runOf = (track: Track, state: State) => join(folder, `${track}-${state}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  await mkdir(join(folder, "digits"));
  await writeDigitsFolder(join(folder, "digits"), { train: 60, test: 20 });
  await writeToneFolder(join(folder, "tones"), { clips: 4 });
  const features = ["--feature-folder", join(folder, "features")];
  const recipe = ["--epochs", "4", "--threads", "1"];
  const lines = {
    // So large a step that the first epoch stays the best.
    images: ["digits", "--batch-size", "30", "--optimizer", "sgd", "--learning-rate", "3"],
    sound: ["tones", "--model", "notebook", "--window", "0.1", "--split", "0.5/0.25/0.25", ...features],
  };
  for (const track of ["images", "sound"] as const) {
    const [data, ...options] = lines[track];
    const line = ["train", join(folder, data), ...options, ...recipe, "--out"];
    expect((await auricle([...line, runOf(track, "finished")])).code).toBe(0);
    // The third epoch has begun, and two are whole.
    expect((await auricle([...line, runOf(track, "interrupted")], /2\/4/)).code).toBe(130);
  }
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function lineOf(track: Track, command: string, run: string): string[] {
  const features = track === "sound" ? ["--feature-folder", join(folder, "features")] : [];
  if (command === "train") return ["train", "--resume", run, "--threads", "1", ...features];
  if (command === "eval") return ["eval", run, "--threads", "1", ...features];
  const input = track === "sound" ? [join(folder, "tones", "low", "low-0.wav")] : ["--index", "0"];
  return ["predict", run, ...input, "--threads", "1"];
}

const ALL_DAMAGES: readonly Damage[] = ["missing", "empty", "truncated", "altered"];

/** For each command the files that matter to it; all others are left unharmed. */
function casesOf(track: Track): Case[] {
  const files = ["config.json", "versions.json", "metrics.jsonl", "metrics.csv"];
  files.push("last.safetensors", "previous.safetensors", "best.safetensors", "result.json");
  files.push("split.json", "provenance.safetensors", "predictions.json", "report.html");
  const reactions: Record<string, Partial<Record<string, Reaction>>> = {
    "interrupted train": {
      "config.json": "refused",
      "metrics.jsonl": "said",
      "last.safetensors": "said",
      // In the run on sound a later epoch is the best, and writes it again.
      "best.safetensors": track === "sound" ? "unharmed" : "said",
      "split.json": "refused",
    },
    "finished train": {
      "config.json": "refused",
      "result.json": "said",
      "metrics.jsonl": "said",
    },
    "finished eval": {
      "config.json": "refused",
      "best.safetensors": "said",
      "split.json": "refused",
    },
    "finished predict": {
      "config.json": "refused",
      "best.safetensors": "said",
      // Those of the test part are known by it; recordings are named.
      ...(track === "images" && { "split.json": "refused" }),
    },
  };
  return Object.entries(reactions).flatMap(([key, harmful]) => {
    const [state, command] = key.split(" ") as [State, string];
    const there = files.filter((file) => state === "finished" || !/result|predictions|report/.test(file));
    return there.flatMap((file) =>
      ALL_DAMAGES.filter((damage) => file in harmful || damage === "truncated").map((damage): Case => {
        // A run without a result is one that is not finished.
        const isUnfinished = file === "result.json" && damage === "missing";
        return [
          track,
          state,
          command,
          file,
          damage,
          isUnfinished ? "unharmed" : (harmful[file] ?? "unharmed"),
        ];
      }),
    );
  });
}

/** The result of a run, with its warnings reduced to whether there are any. */
async function outcomeOf(run: string): Promise<object> {
  const { warnings, ...rest } = await readRunJson(run, "result.json");
  return { ...rest, warned: warnings !== undefined };
}

describe.each(["images", "sound"] as const)("a run on %s", (track) => {
  it.each(casesOf(track))(
    "%s, %s: %s with %s %s is %s",
    async (_, state, command, file, damage, reaction) => {
      const run = join(await temporaryFolder(), "run");
      await cp(runOf(track, state), run, { recursive: true });
      await DAMAGES[damage](join(run, file));
      const { code, stdout, stderr } = await auricle([...lineOf(track, command, run), "--json"]);
      if (reaction === "refused") {
        expect(code).toBe(1);
        expect(stderr).toMatch(/^error: [^]*restore it from a copy or start a new run/m);
        expect(stderr).toContain(file);
        expect(stderr).not.toContain("fault in Auricle");
        return;
      }
      expect([code, stderr.replace(/^(?!Warning).*\n/gm, "") !== ""], stderr).toEqual([
        0,
        reaction === "said",
      ]);
      const warnings = jsonLines(stdout).filter(({ event }) => event === "warning");
      expect(warnings.length).toBe(reaction === "said" ? 1 : 0);
      if (reaction === "said") expect(warnings[0].text).toContain(file);
      if (command !== "train") return;
      // What was lost are the weights of the first epoch, the best.
      if (file === "best.safetensors" && track === "images" && state === "interrupted") {
        expect(await outcomeOf(run)).toMatchObject({ epochs: 4, bestEpoch: 4, warned: true });
        return;
      }
      const isTold = reaction === "said" && !(state === "finished" && file === "metrics.jsonl");
      expect(await outcomeOf(run)).toEqual({
        ...(await outcomeOf(runOf(track, "finished"))),
        warned: isTold,
      });
      if (isTold) {
        expect(await readFile(join(run, "report.html"), "utf8")).toContain("<b>Warnings.</b>");
      }
    },
  );

  it("does not begin anew where both checkpoints are gone", async () => {
    const run = join(await temporaryFolder(), "run");
    await cp(runOf(track, "interrupted"), run, { recursive: true });
    await rm(join(run, "last.safetensors"));
    await rm(join(run, "previous.safetensors"));
    const best = await readFile(join(run, "best.safetensors"));
    const { code, stderr } = await auricle(lineOf(track, "train", run));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /this run cannot continue: last.safetensors is missing; previous.safetensors is missing. Restore one of them/,
    );
    expect(Buffer.compare(await readFile(join(run, "best.safetensors")), best)).toBe(0);
  });
});
