/** @file Runs as the app gets them: the list, the files of each, and the recordings and pictures of its predictions. */

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { decodeImage } from "../../image/index.ts";
import type { RunOutcome } from "../../runs/run-kind.ts";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { imageConfigOf } from "../../runs/testing/image-config.ts";
import { stripesFile, writeStripesFolder } from "../../runs/testing/pictures.ts";
import { toneFile, writeToneFolder } from "../../runs/testing/recordings.ts";
import { soundConfigOf } from "../../runs/testing/sound-config.ts";
import { openSession } from "../../session/index.ts";
import { DATA_HEADERS, REPORT_HEADERS } from "./headers.ts";
import { reasonOf, startStudio, writeFiles, type Answer, type TestStudio } from "./testing/studio-server.ts";

function jsonOf<Value>({ body }: Answer): Value {
  return JSON.parse(body.toString()) as Value;
}

/** predictions.json of these examples, of which only the ids matter here. */
function predictionsOf(parts: Readonly<Record<string, readonly string[]>>): string {
  const clips = (ids: readonly string[]) =>
    ids.map((id) => ({ id, seconds: 0, truth: [0], outputs: [1, 0], windows: [] }));
  return JSON.stringify(Object.fromEntries(Object.entries(parts).map(([part, ids]) => [part, clips(ids)])));
}

async function errorsOf(studio: TestStudio, targets: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(targets.map((target) => studio.ask(target)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  return answers.map(reasonOf);
}

describe("the list of runs", () => {
  it("has every run with its figures, history, address and files, and tells of damaged ones", async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "tones");
    await writeToneFolder(data, { clips: 6 });
    const studio = await startStudio({ "seeds/a b#1/config.json": "{}", "seeds/a b#1/notes.txt": "mine" });
    const outcome: RunOutcome = await openSession()
      .train(
        { data, model: "notebook", window: 0.1, epochs: 2, target: "wasm" },
        { out: join(studio.runs, "one 100%"), threads: 1, featureFolder: join(folder, "features") },
      )
      .result();
    expect(outcome.status).toBe("finished");
    const answer = await studio.ask("/runs/index.json");
    expect(answer.headers["content-type"]).toBe("application/json");
    const list = jsonOf<{ folder: string; runs: Record<string, unknown>[]; problems: object[] }>(answer);
    expect(list.folder).toBe(studio.runs);
    expect(list.problems).toMatchObject([{ path: join(studio.runs, "seeds", "a b#1") }]);
    expect(list.runs).toMatchObject([
      {
        name: "one 100%",
        data,
        model: "notebook",
        isFinished: true,
        epochs: 2,
        address: "runs/one%20100%25/",
      },
    ]);
    const [run] = list.runs;
    expect(run.history).toHaveLength(2);
    expect(Object.keys(run.figures as object)).toContain("test accuracy");
    expect(run.files).toEqual(
      expect.arrayContaining([
        "best.safetensors",
        "config.json",
        "metrics.jsonl",
        "predictions.json",
        "report.html",
      ]),
    );
    for (const name of run.files as string[]) {
      const { status, body, headers } = await studio.ask(`/${String(run.address)}${name}`);
      expect(status, name).toBe(200);
      expect(body.equals(await readFile(join(studio.runs, "one 100%", name))), name).toBe(true);
      expect(headers["cache-control"], name).toBe("no-cache");
    }
    const etag = answer.headers.etag;
    const again = await studio.ask("/runs/index.json", { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    // All examples of its predictions are there.
    const { examples } = jsonOf<{ examples: { id: string }[] }>(
      await studio.ask(`/${String(run.address)}examples/index.json`),
    );
    for (const [i, { id }] of examples.entries()) {
      const { body } = await studio.ask(`/${String(run.address)}examples/${i}`);
      expect(body.equals(await readFile(join(data, id))), id).toBe(true);
    }
    expect(studio.errors).toEqual([]);
  });

  it("is empty where the folder is not there yet, and has the folder itself where that is a run", async () => {
    const studio = await startStudio();
    await rm(studio.runs, { recursive: true });
    const ask = async () =>
      jsonOf<{ runs: object[]; problems: object[] }>(await studio.ask("/runs/index.json"));
    expect(await ask()).toEqual({ folder: studio.runs, runs: [], problems: [] });
    await writeFiles(studio.runs, { "config.json": JSON.stringify(soundConfigOf()) });
    expect((await ask()).runs).toMatchObject([{ name: ".", address: "runs/", files: ["config.json"] }]);
    expect((await studio.ask("/runs/config.json")).status).toBe(200);
  });
});

it("a run's report runs apart from the studio, and other files run nothing", async () => {
  const studio = await startStudio({ "one/config.json": "{}", "one/report.html": "<p>report" });
  const [report, config] = [
    await studio.ask("/runs/one/report.html"),
    await studio.ask("/runs/one/config.json"),
  ];
  for (const [{ headers }, wanted] of [
    [report, REPORT_HEADERS],
    [config, DATA_HEADERS],
  ] as const) {
    expect(headers["content-security-policy"]).toBe(wanted["Content-Security-Policy"]);
    expect(headers["cross-origin-opener-policy"]).toBeUndefined();
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
  expect(report.headers["content-type"]).toBe("text/html; charset=utf-8");
});

describe("the examples of a run", () => {
  it("are recordings as they are, in parts too, with the times of clips that are parts of them", async () => {
    const data = await temporaryFolder();
    const tone = toneFile({ frequencies: [300], seed: 1, seconds: 2 });
    await writeFiles(data, {
      "a.wav": tone,
      "b.wav": toneFile({ frequencies: [900], seed: 2 }),
      "list.csv": "path,label,start,end\na.wav,low,0,1\na.wav,low,1,\nb.wav,high,,\n",
    });
    const list = join(data, "list.csv");
    const studio = await startStudio({
      "one/config.json": JSON.stringify(soundConfigOf({ data: list, classNames: ["high", "low"] })),
      "one/predictions.json": predictionsOf({ test: ["b.wav", "a.wav#1-"], validation: ["a.wav#0-1"] }),
    });
    expect(jsonOf(await studio.ask("/runs/one/examples/index.json"))).toEqual({
      examples: [
        { part: "test", id: "b.wav" },
        { part: "test", id: "a.wav#1-", start: 1 },
        { part: "validation", id: "a.wav#0-1", start: 0, end: 1 },
      ],
    });
    const { headers, body } = await studio.ask("/runs/one/examples/2");
    expect([headers["content-type"], body.equals(tone)]).toEqual(["audio/wav", true]);
    const part = await studio.ask("/runs/one/examples/1", { headers: { range: "bytes=44-47" } });
    expect([part.status, [...part.body]]).toEqual([206, [...tone.subarray(44, 48)]]);
    const [outside, other] = await errorsOf(studio, ["/runs/one/examples/3", "/runs/one/examples/-1"]);
    expect(outside).toContain("it was tested on 3 examples; got number 3");
    expect(other).toBe("no such run");
  });

  it("are told to be gone where they are", async () => {
    const data = await temporaryFolder();
    await writeStripesFolder(data, 3);
    const studio = await startStudio({
      "one/config.json": JSON.stringify(imageConfigOf({ data, classNames: ["lying", "standing"] })),
      "one/predictions.json": predictionsOf({
        test: ["lying/0.bmp", "lying/1.bmp", "lying/9.bmp", "standing/0.bmp"],
      }),
    });
    const first = await studio.ask("/runs/one/examples/0");
    expect(first.headers["content-type"]).toBe("image/bmp");
    expect(first.body.equals(stripesFile({ stands: false, seed: 0 }))).toBe(true);
    await rm(join(data, "lying", "1.bmp"));
    await writeFile(join(data, "standing", "0.bmp"), "root:x:0:0: this is no picture");
    const reasons = await errorsOf(
      studio,
      [1, 2, 3].map((number) => `/runs/one/examples/${number}`),
    );
    expect(reasons).toEqual([
      `${join(data, "lying", "1.bmp")}: the picture is gone, or cannot be read`,
      `${data}: "lying/9.bmp" is gone`,
      `${join(data, "standing", "0.bmp")}: not a picture in a known format`,
    ]);
    await rm(data, { recursive: true });
    // The data are asked for again when the predictions are others.
    await writeFile(join(studio.runs, "one", "predictions.json"), predictionsOf({ test: ["lying/0.bmp"] }));
    const [gone] = await errorsOf(studio, ["/runs/one/examples/0"]);
    expect(gone).toContain(data);
    expect(studio.errors).toEqual([]);
  });

  it("are pictures of their own where a file holds many", async () => {
    const data = await temporaryFolder();
    await writeDigitsFolder(data, { train: 20, test: 5 });
    const studio = await startStudio({
      "one/config.json": JSON.stringify(imageConfigOf({ data, classNames: [..."0123456789"] })),
      "one/predictions.json": predictionsOf({ test: ["test#0", "test#4"] }),
    });
    const { headers, body } = await studio.ask("/runs/one/examples/1");
    expect(headers["content-type"]).toBe("image/png");
    const image = await decodeImage(body);
    const stored = await readFile(join(data, "t10k-images-idx3-ubyte"));
    const pixels = stored.subarray(16 + 4 * 784, 16 + 5 * 784);
    expect([image.width, image.height, image.channels]).toEqual([28, 28, 3]);
    expect([...image.data.filter((_, i) => i % 3 === 0)]).toEqual([...pixels]);
  });

  it("are none where a run is not finished, damaged, or of another version", async () => {
    const config = JSON.stringify(soundConfigOf());
    const studio = await startStudio({
      "unfinished/config.json": config,
      "damaged/config.json": config,
      "damaged/predictions.json": '{"test":[{"id"',
      "strange/config.json": config,
      "strange/predictions.json": '{"test":[{"name":"a"}]}',
      "other/config.json": "{}",
      "other/predictions.json": predictionsOf({ test: ["a.wav"] }),
      "moved/config.json": config,
      "moved/predictions.json": predictionsOf({ test: ["a.wav"] }),
    });
    const names = ["unfinished", "damaged", "strange", "other", "moved"];
    const reasons = await errorsOf(
      studio,
      names.map((name) => `/runs/${name}/examples/0`),
    );
    const wanted = [
      "is missing",
      "not JSON",
      "not predictions that",
      "not a configuration that",
      "/data/tones",
    ];
    wanted.forEach((text, i) => expect(reasons[i]).toContain(text));
    expect(studio.errors).toEqual([]);
  });
});
