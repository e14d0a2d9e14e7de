import { afterEach, expect, it, vi } from "vitest";
import type { PageFiles } from "auricle/session";
import { MOST_EXAMPLES, foldersOf, setOfFiles, setOfRun } from "./example-set.ts";

const opened: PageFiles[] = [];
vi.mock("../engine/session.ts", () => ({
  theSession: () => ({
    openFiles: (name: string, files: PageFiles) => {
      opened.push(files);
      return Promise.resolve(`/opened/${name}`);
    },
  }),
}));
afterEach(() => {
  vi.unstubAllGlobals();
  opened.length = 0;
});

const named = (path: string, type = "audio/wav") => ({
  path,
  file: new File(["x"], path.slice(path.lastIndexOf("/") + 1), { type }),
});

it("names files by the folders in which they differ", () => {
  expect(foldersOf(["drums/kick/1.wav", "drums/kick/old/2.wav", "drums/snare/1.wav"])).toEqual([
    "kick",
    "kick",
    "snare",
  ]);
  expect(foldersOf(["a/1.wav", "a/2.wav"])).toEqual([undefined, undefined]);
  expect(foldersOf(["1.wav", "a/2.wav"])).toEqual([undefined, "a"]);
  expect(foldersOf([])).toEqual([]);
});

it("makes a set of files, and leaves out what is no example", async () => {
  const files = [
    named("drums/snare/1.wav"),
    named("drums/kick/1.wav", ""),
    named("drums/notes.txt", "text/plain"),
    named("drums/.DS_Store", ""),
  ];
  const set = await setOfFiles(files);
  expect(set).toMatchObject({ name: "2 files", all: 2, others: 2 });
  expect(set.examples.map(({ id, folder, part }) => [id, folder, part])).toEqual([
    ["drums/kick/1.wav", "kick", { path: "/opened/set/0/1.wav" }],
    ["drums/snare/1.wav", "snare", { path: "/opened/set/1/1.wav" }],
  ]);
});

it("chooses evenly among many", async () => {
  const files = Array.from({ length: 1000 }, (_, i) => named(`${String(i).padStart(4, "0")}.wav`));
  const { examples, all } = await setOfFiles(files);
  expect([examples.length, all]).toEqual([MOST_EXAMPLES, 1000]);
  expect([examples[0].id, examples.at(-1)?.id]).toEqual(["0000.wav", "0999.wav"]);
});

it("gets the examples of a run with their parts, and says what the server says", async () => {
  vi.stubGlobal("fetch", (address: string) =>
    Promise.resolve(
      address.endsWith("/9")
        ? Response.json({ error: "the data have moved" }, { status: 404 })
        : new Response("sound"),
    ),
  );
  const run = { name: "one", address: "runs/one/", data: "", model: "", files: [] };
  const tested = (number: number) => ({
    address: `./runs/one/examples/${number}`,
    id: `kick/${number}.wav`,
    truth: [1],
    outputs: [0, 1],
    start: 2,
  });
  const told: number[] = [];
  const signal = new AbortController().signal;
  const set = await setOfRun(run, [tested(0), tested(1)], (done) => told.push(done), signal);
  expect(told).toEqual([1, 2]);
  expect(set.name).toBe("the test part of one");
  expect(set.examples.map(({ id, truth, part }) => [id, truth, part])).toEqual([
    ["kick/0.wav", [1], { path: "/opened/set/0/0.wav", start: 2 }],
    ["kick/1.wav", [1], { path: "/opened/set/1/1.wav", start: 2 }],
  ]);
  await expect(setOfRun(run, [tested(9)], () => undefined, signal)).rejects.toThrow(
    "kick/9.wav: the data have moved",
  );
});
