import { expect, it } from "vitest";
import { cutsOf } from "./cuts.ts";
import { leakOf, partsOf, SAMPLE_RATE } from "./material.ts";
import { readFolder } from "./own-music.ts";
import { planFolder } from "./plan-folder.ts";

const at = (...paths: string[]) => paths.map((path) => ({ path, file: new File([path], path) }));
const tracks = (folder: string, count: number) =>
  at(...Array.from({ length: count }, (_, i) => `${folder}/${i}.wav`));
const nothing = () => undefined;

/** Two excerpts of each file, but for those whose name says otherwise. */
const decode = (_: Blob, name: string) =>
  name.includes("bad")
    ? Promise.reject(new Error(`${name}: no format that is known`))
    : Promise.resolve(name.includes("short") ? [new Uint8Array(1)] : [new Uint8Array(1), new Uint8Array(2)]);

it("takes the folders below the chosen one for classes, in alphabetical order, however deep their files lie", () => {
  const files = [
    ...tracks("genres/rock", 3),
    ...tracks("genres/blues/album", 3),
    ...tracks("genres/jazz", 4),
  ];
  const { classes, notes } = planFolder(files);
  expect(classes.map(({ name, files: own }) => [name, own.length])).toEqual([
    ["blues", 3],
    ["jazz", 4],
    ["rock", 3],
  ]);
  expect(notes).toEqual([]);
});

it("takes folders that are dropped side by side for classes as well", () => {
  expect(planFolder([...tracks("rock", 3), ...tracks("blues", 3)]).classes).toHaveLength(2);
});

it("does not depend on the order in which a browser lists files", () => {
  const files = [...tracks("a", 9), ...tracks("b", 9)];
  expect(planFolder([...files].reverse())).toEqual(planFolder(files));
});

it("names files that are no recordings, lie in no class or are too few, and leaves hidden ones out", () => {
  const files = [
    ...tracks("all/a", 3),
    ...tracks("all/b", 3),
    ...tracks("all/few", 2),
    ...at("all/a/cover.jpg", "all/loose.mp3", "all/.DS_Store", "all/a/._0.wav"),
  ];
  const { classes, notes } = planFolder(files);
  expect(classes.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(notes).toEqual([
    "One file is no recording by its name: a/cover.jpg.",
    "One file is in no folder of a class: loose.mp3.",
    "“few” is left out: it has 2 recordings, and 3 are needed, one for each part.",
  ]);
});

it.each([
  [at("x/1.wav", "x/2.wav", "x/3.wav"), /Only one class is left/],
  [at("1.wav", "2.wav"), /No class was found.*2 files are in no folder/],
  [at("x/notes.txt"), /No class was found.*notes.txt/],
])("refuses a folder without two classes", (files, message) => {
  expect(() => planFolder(files)).toThrow(message);
});

it("names recordings that cannot be decoded, goes on without them, and takes no more than it can train on", async () => {
  const files = [...tracks("a", 70), ...at("a/bad.mp3"), ...tracks("b", 3), ...at("b/short.wav")];
  const parts: number[] = [];
  const { material, notes } = await readFolder(files, decode, (part) => parts.push(part));
  expect(material.classNames).toEqual(["a", "b"]);
  expect(material.excerpts.filter(({ label }) => label === 0)).toHaveLength(120);
  expect(material.excerpts.filter(({ label }) => label === 1)).toHaveLength(7);
  expect(notes.filter((note) => note.startsWith("Of “a” 60 recordings are taken"))).toHaveLength(1);
  expect(parts.at(-1)).toBe(1);
  expect((await material.load(nothing)).size).toBe(127);
});

it("leaves out a class whose recordings are all bad, and refuses when too few are left", async () => {
  const files = [...tracks("a", 3), ...tracks("b", 3), ...at("c/bad1.wav", "c/bad2.wav", "c/2.wav")];
  const { material, notes } = await readFolder(files, decode, nothing);
  expect(material.classNames).toEqual(["a", "b"]);
  expect(notes).toContain("c/bad1.wav: no format that is known. It is left out.");
  expect(notes).toContain("“c” is left out: it has one recording, and 3 are needed, one for each part.");
  const rest = files.filter(({ path }) => !path.startsWith("b/"));
  await expect(readFolder(rest, decode, nothing)).rejects.toThrow(/Only one class is left.*c\/bad/);
});

it("splits by recordings unless it shall leak", async () => {
  const { material } = await readFolder([...tracks("a", 11), ...tracks("b", 8)], decode, nothing);
  expect(leakOf(material, "tracks").leaked).toBe(0);
  expect(leakOf(material, "excerpts").leaked).toBeGreaterThan(3);
  expect(new Set(partsOf(material, "tracks").values())).toEqual(new Set(["train", "validation", "test"]));
});

it("cuts excerpts that do not overlap and are as long as there is room for", () => {
  const seconds = (length: number) =>
    cutsOf(length * SAMPLE_RATE).map(([from, to]) => [from / SAMPLE_RATE, to / SAMPLE_RATE]);
  expect(seconds(30)).toEqual([
    [6, 9],
    [21, 24],
  ]);
  expect(seconds(4)).toEqual([
    [0, 2],
    [2, 4],
  ]);
  expect(seconds(0.8)).toEqual([[0, 0.8]]);
});
