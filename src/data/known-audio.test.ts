import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AuricleError } from "../errors.ts";
import { buildAudioCollection } from "./audio/collection.ts";
import { findFiles } from "./collection/files.ts";
import { SOUND } from "./audio/medium.ts";
import { writeFiles } from "./audio/testing/collections.ts";
import type { AudioDatasetDefinition, DatasetArchive } from "./definition.ts";
import { findRecordings, openKnownAudio } from "./known-audio.ts";
import { searchFolders } from "./locate.ts";
import { serveRanges, startServer } from "./testing/file-server.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const cache = vi.hoisted(() => ({ folder: "" }));
vi.mock("env-paths", () => ({ default: () => ({ cache: cache.folder }) }));

beforeEach(async () => {
  cache.folder = await temporaryFolder();
  vi.stubEnv("AURICLE_DATA", "");
});

const NOWHERE = "http://127.0.0.1:9/";

const FIRST = zipSync({ "top/a/1.wav": strToU8("x"), "top/b/1.wav": strToU8("x") });
const SECOND = zipSync({ "a/2.wav": strToU8("x"), "b/2.wav": strToU8("x") });
const LIST = strToU8("a/1.wav\n");

function digest(algorithm: "md5" | "sha256", bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}

/** A data set of two archives and a file that one of its splits needs. */
function beeps(mirror: string, more: Partial<AudioDatasetDefinition> = {}): AudioDatasetDefinition {
  const archive = (
    name: string,
    strip: number,
  ): Pick<DatasetArchive, "name" | "urls" | "approximateBytes" | "strip"> => ({
    name,
    urls: [`${mirror}${name}`],
    approximateBytes: 100,
    strip,
  });
  return {
    kind: "audio",
    name: "beeps",
    title: "",
    licence: "",
    citation: "",
    homepage: "https://example.org/beeps",
    examples: { all: 4 },
    classNames: ["a", "b"],
    files: [
      {
        name: "list.txt",
        roles: ["train"],
        urls: [`${mirror}list.txt`],
        bytes: LIST.length,
        sha256: digest("sha256", LIST),
        copies: [],
      },
    ],
    systemFolders: [],
    archives: [
      { ...archive("first.zip", 1), md5: digest("md5", FIRST), folder: "beeps-1" },
      {
        ...archive("second.zip", 0),
        sha256: digest("sha256", SECOND),
        bytes: SECOND.length,
        folder: "beeps-2",
      },
    ],
    roots: ["", "beeps"],
    landmarks: ["beeps-1/a/1.wav"],
    splits: [
      { name: "random", title: "", files: [] },
      { name: "listed", title: "", files: ["list.txt"] },
    ],
    async open({ folder, files, split }) {
      const found = await findFiles(folder, SOUND);
      return buildAudioCollection({
        name: `${split}: ${[...files.keys()].join()}`,
        folder,
        task: "classification",
        entries: found.files.map(({ name, path }) => ({ name, path, labels: [name.split("/")[1]] })),
        problems: found.problems,
      });
    },
    ...more,
  };
}

const serve = () =>
  startServer({
    "/first.zip": serveRanges(FIRST),
    "/second.zip": serveRanges(SECOND),
    "/list.txt": serveRanges(LIST),
  });

describe("a data set of recordings", () => {
  it("is downloaded and unpacked once, and its archives are not kept", async () => {
    const server = await serve();
    const progress = new Set<string>();
    const onProgress = ({ file }: { file: string }) => progress.add(file);
    const collection = await openKnownAudio(beeps(server.url), { onProgress });
    const folder = join(cache.folder, "datasets", "beeps");
    expect(collection).toMatchObject({ name: "random: ", folder, classNames: ["a", "b"] });
    expect(collection.clips.map(({ id }) => id)).toEqual([
      "beeps-1/a/1.wav",
      "beeps-1/b/1.wav",
      "beeps-2/a/2.wav",
      "beeps-2/b/2.wav",
    ]);
    expect((await readdir(folder)).sort()).toEqual(["beeps-1", "beeps-2"]);
    expect([...progress]).toEqual([
      "first.zip",
      "first.zip (unpacking)",
      "second.zip",
      "second.zip (unpacking)",
    ]);
    await openKnownAudio(beeps(server.url), { download: false });
    expect(server.requests).toHaveLength(2);
  });

  it("gets the files of a split only for that split", async () => {
    const server = await serve();
    const listed = await openKnownAudio(beeps(server.url), { splitName: "listed" });
    expect(listed.name).toBe("listed: list.txt");
    expect(server.requests.map(({ path }) => path)).toEqual(["/first.zip", "/second.zip", "/list.txt"]);
    await expect(openKnownAudio(beeps(server.url), { splitName: "lsited" })).rejects.toThrow(
      'there is no split "lsited"; did you mean "listed"? It has: random, listed',
    );
  });

  it("fetches what is missing after it was stopped between two archives", async () => {
    const server = await serve();
    await openKnownAudio(beeps(server.url));
    const folder = join(cache.folder, "datasets", "beeps");
    await rm(join(folder, "beeps-2"), { recursive: true });
    const definition = beeps(server.url);
    expect(await findRecordings(definition, await searchFolders(definition, undefined))).toBeUndefined();
    expect((await openKnownAudio(definition)).clips).toHaveLength(4);
    expect(server.requests.map(({ path }) => path)).toEqual(["/first.zip", "/second.zip", "/second.zip"]);
  });

  it("is found unpacked in a folder of the user's, below any of its roots, as it is", async () => {
    const given = await temporaryFolder();
    await writeFiles(given, ["beeps/beeps-1/a/1.wav", "beeps/beeps-1/b/7.wav"]);
    const collection = await openKnownAudio(beeps(NOWHERE), { dataFolder: given, download: false });
    expect(collection.folder).toBe(join(given, "beeps"));
    expect(collection.clips).toHaveLength(2);
    vi.stubEnv("AURICLE_DATA", join(given, "beeps"));
    expect((await openKnownAudio(beeps(NOWHERE))).folder).toBe(join(given, "beeps"));
  });

  it("is unpacked from archives that the user has, which stay", async () => {
    const given = await temporaryFolder();
    await writeFile(join(given, "first.zip"), FIRST);
    await writeFile(join(given, "second.zip"), SECOND);
    const collection = await openKnownAudio(beeps(NOWHERE), { dataFolder: given, download: false });
    expect(collection.clips).toHaveLength(4);
    expect((await readdir(given)).sort()).toEqual(["first.zip", "second.zip"]);
  });

  it("is told by its landmarks, of which some are in any folder", async () => {
    const given = await temporaryFolder();
    const definition = beeps(NOWHERE, { landmarks: ["*/kit.xml", "a"] });
    await writeFiles(given, ["x/kit.xml"]);
    expect(await findRecordings(definition, [given, join(given, "none")])).toBeUndefined();
    await mkdir(join(given, "a"));
    expect(await findRecordings(definition, [given])).toBe(given);
  });

  it("says what to do when it is nowhere", async () => {
    const given = await temporaryFolder();
    await writeFile(join(given, "first.zip"), "something else");
    const attempt = (definition: AudioDatasetDefinition, download: boolean) =>
      openKnownAudio(definition, { dataFolder: given, download }).catch((caught: unknown) => caught);
    const off = await attempt(beeps(NOWHERE), false);
    expect(off).toBeInstanceOf(AuricleError);
    const { message } = off as AuricleError;
    expect(message).toContain('"beeps" is not on this machine, and downloads are disabled');
    expect(message).toContain(`Skipped ${join(given, "first.zip")}: its MD5 is`);
    expect(message).toContain("Allow the download, or get it from https://example.org/beeps by other means");
    const failed = await attempt(beeps(NOWHERE), true);
    expect((failed as AuricleError).message).toMatch(/all addresses failed[^]*Skipped[^]*Or get it from/);
    const byHand = await attempt(beeps(NOWHERE, { archives: [], byHand: "install the package" }), true);
    expect((byHand as AuricleError).message).toMatch(
      /not on this machine\.[^]*To get it: install the package/,
    );
  });

  it("refuses archives that hold something else", async () => {
    const server = await serve();
    await expect(openKnownAudio(beeps(server.url, { landmarks: ["nothing"] }))).rejects.toThrow(
      /the unpacked files are not "beeps"; nothing is missing/,
    );
  });
});
