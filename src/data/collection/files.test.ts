import type * as fileSystem from "node:fs/promises";
import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { wavFile } from "../../audio/decode/testing/containers.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { checkFiles, findFiles } from "./files.ts";
import { SOUND } from "../audio/medium.ts";
import { writeFiles } from "../audio/testing/collections.ts";

/** Refuses what is called "secret", as the file system does to everyone but the superuser. */
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof fileSystem>();
  const refuse = (path: unknown) => {
    if (String(path).includes("secret")) throw Object.assign(new Error("EACCES"), { code: "EACCES" });
  };
  return {
    ...original,
    access: async (...given: Parameters<typeof original.access>) => {
      refuse(given[0]);
      return original.access(...given);
    },
    readdir: async (path: string, options: { withFileTypes: true }) => {
      refuse(path);
      return original.readdir(path, options);
    },
  };
});

describe("the extensions of recordings", () => {
  it.each(["a.wav", "A.WAV", "b.au", "c.d.flac", "e.Opus", "f.m4a"])("%s", (name) => {
    expect(SOUND.hasExtension(name)).toBe(true);
  });

  it.each(["wav", "a.txt", "a.wav.zip", "a", ""])("not %j", (name) => {
    expect(SOUND.hasExtension(name)).toBe(false);
  });
});

describe("findFiles", () => {
  it("finds recordings at any depth, in the order of their names, and counts other files", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, [
      "b/2.wav",
      "b/deep/er/1.FLAC",
      "a/1.mp3",
      "top.ogg",
      "a/notes.txt",
      "cover.jpg",
    ]);
    const { files, problems, others } = await findFiles(folder, SOUND);
    expect(files.map(({ name }) => name)).toEqual(["a/1.mp3", "b/2.wav", "b/deep/er/1.FLAC", "top.ogg"]);
    const path = join(folder, "a", "1.mp3");
    expect(files[0]).toEqual({ name: "a/1.mp3", path, askedFor: path, sameAs: "a/1.mp3" });
    expect([problems, others]).toEqual([[], 2]);
  });

  it("names recordings that cannot be decoded, or have the name of something else, with what to do", async () => {
    const folder = await temporaryFolder();
    const asf = Uint8Array.of(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0);
    const wav = wavFile({ tag: 1, bits: 16, data: new Uint8Array(100) });
    const contents: Readonly<Record<string, Uint8Array>> = {
      "a/1.wma": asf,
      "a/2.wav": wav,
      "a/3.APE": new Uint8Array(5),
      "a/4": wav,
      "a/5.backup": wav,
      "a/6.bin": asf,
      "a/7.wma": wav,
      // No sound, and what stands beside recordings.
      "a/README": new TextEncoder().encode("Recorded in May"),
      "a/1.mid": new TextEncoder().encode("MThd"),
      "a/all.zip": Uint8Array.of(0x50, 0x4b, 3, 4),
      "a/cover.webp": new TextEncoder().encode("RIFF....WEBP"),
    };
    await writeFiles(folder, []);
    await mkdir(join(folder, "a"));
    for (const [name, bytes] of Object.entries(contents)) await writeFile(join(folder, name), bytes);
    const { files, problems, others } = await findFiles(folder, SOUND);
    expect(files.map(({ name }) => name)).toEqual(["a/2.wav"]);
    expect(others).toBe(4);
    const convert = (name: string): string =>
      `which cannot be decoded; convert it to flac: ffmpeg -i ${join(folder, "a", name)} -vn ${join(folder, "a", name[0])}.flac`;
    expect(Object.fromEntries(problems.map(({ path, problem }) => [basename(path), problem]))).toEqual({
      "1.wma": `a Windows Media file (ASF), ${convert("1.wma")}`,
      "3.APE": `by its name a Monkey's Audio file (APE), ${convert("3.APE")}`,
      "4": "a recording (wav) by its content, but its name has no ending: rename it",
      "5.backup": "a recording (wav) by its content, but its name ends in .backup: rename it",
      "6.bin": `a Windows Media file (ASF), ${convert("6.bin")}`,
      "7.wma": "a recording (wav) by its content, but its name ends in .wma: rename it",
    });
  });

  it("ignores dot-files, AppleDouble twins and what macOS adds to archives", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, ["a/1.wav", "a/._1.wav", "a/.hidden.wav", ".git/2.wav", "__MACOSX/a/._1.wav"]);
    const { files, others } = await findFiles(folder, SOUND);
    expect(files.map(({ name }) => name)).toEqual(["a/1.wav"]);
    expect(others).toBe(0);
  });

  it("takes odd names as they are", async () => {
    const folder = await temporaryFolder();
    const names = [
      "a/ö ñ 日本.wav",
      'a/it\'s "quoted".wav',
      "a/new\nline.wav",
      "a/-n.wav",
      "a/%20.wav",
      "a/#1.wav",
    ];
    await writeFiles(folder, names);
    const { files, problems } = await findFiles(folder, SOUND);
    expect(files.map(({ name }) => name)).toEqual([...names].sort());
    expect(problems).toEqual([]);
  });

  it("follows symbolic links, but not in a circle", async () => {
    const folder = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await writeFiles(elsewhere, ["x.wav"]);
    await writeFiles(folder, ["a/1.wav"]);
    await symlink(elsewhere, join(folder, "b"));
    await symlink(folder, join(folder, "a", "loop"));
    await symlink(folder, join(elsewhere, "back"));
    await symlink("self.wav", join(folder, "a", "self.wav"));
    const { files, problems } = await findFiles(folder, SOUND);
    expect(files.map(({ name }) => name)).toEqual(["a/1.wav", "b/x.wav"]);
    expect(problems).toEqual([
      { path: join(folder, "a", "self.wav"), problem: "its symbolic links form a loop" },
    ]);
  });

  it("tells which files are the same one by links", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, ["a/1.wav", "b/2.wav"]);
    await link(join(folder, "a", "1.wav"), join(folder, "b", "1.wav"));
    await symlink(join(folder, "b", "2.wav"), join(folder, "b", "3.wav"));
    const { files } = await findFiles(folder, SOUND);
    expect(files.map(({ name, sameAs }) => [name, sameAs])).toEqual([
      ["a/1.wav", "a/1.wav"],
      ["b/1.wav", "a/1.wav"],
      ["b/2.wav", "b/2.wav"],
      ["b/3.wav", "b/2.wav"],
    ]);
  });

  it("names what cannot be read", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      "a/fine.wav": "x",
      "a/empty.wav": "",
      "a/secret.wav": "x",
      "secrets/1.wav": "x",
    });
    await symlink("nowhere.wav", join(folder, "a", "broken.wav"));
    const { files, problems } = await findFiles(folder, SOUND);
    expect(files.map(({ name }) => name)).toEqual(["a/fine.wav"]);
    expect(problems).toEqual([
      { path: join(folder, "secrets"), problem: "the folder cannot be read: permission denied" },
      { path: join(folder, "a", "broken.wav"), problem: "a broken symbolic link" },
      { path: join(folder, "a", "empty.wav"), problem: "empty file (0 bytes)" },
      { path: join(folder, "a", "secret.wav"), problem: "permission denied" },
    ]);
  });
});

describe("checkFiles", () => {
  it("refuses a folder in the place of a file", async () => {
    const path = join(await temporaryFolder(), "a.wav");
    await mkdir(path);
    expect(await checkFiles([{ name: "a.wav", path }])).toEqual({
      files: [],
      problems: [{ path, problem: "it is not a file" }],
    });
  });
});
