import fs from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AuricleError } from "../errors.ts";
import { fileError, readFileBytes, writeFileAtomic } from "./atomic-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function failure(action: Promise<unknown>): Promise<AuricleError> {
  const error = await action.catch((caught: unknown) => caught);
  if (!(error instanceof AuricleError)) throw new Error(`expected an AuricleError; got ${String(error)}`);
  expect(error.code).toBe("file");
  return error;
}

/** Makes a function of node:fs that takes a callback last fail with the error code. */
function failWith(method: "open" | "fsync" | "rename", code: string): void {
  vi.spyOn(fs, method).mockImplementation(((...given: unknown[]) => {
    const callback = given.at(-1) as (error: Error) => void;
    callback(Object.assign(new Error(`${code}: refused`), { code }));
  }) as typeof fs.open & typeof fs.fsync & typeof fs.rename);
}

describe("writeFileAtomic", () => {
  it("writes text and bytes, anew and over what is there, and leaves nothing else", async () => {
    const path = join(folder, "file");
    await writeFileAtomic(path, "grüß dich");
    expect(await readFile(path, "utf8")).toBe("grüß dich");
    await writeFileAtomic(path, Uint8Array.of(0, 255, 10));
    expect([...(await readFile(path))]).toEqual([0, 255, 10]);
    await writeFileAtomic(path, "");
    expect((await stat(path)).size).toBe(0);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it("writes the bytes of a view, not those of its whole buffer", async () => {
    const path = join(folder, "file");
    await writeFileAtomic(path, new Uint8Array(Float32Array.of(1, 2, 3).buffer, 4, 4));
    expect([...(await readFile(path))]).toEqual([0, 0, 0, 0x40]); // 2 is 0x40000000, little-endian
  });

  it("writes everything although fs.write may write less than asked for", async () => {
    const write = fs.write;
    const writeHalf = (...given: unknown[]) => {
      const [file, data, offset, length, ...rest] = given as [
        number,
        Uint8Array,
        number,
        number,
        ...unknown[],
      ];
      return Reflect.apply(write, fs, [file, data, offset, Math.floor(length / 2), ...rest]) as void;
    };
    vi.spyOn(fs, "write").mockImplementation(writeHalf as typeof fs.write);
    const path = join(folder, "file");
    const data = new Uint8Array(100_000).map((_, i) => i);
    await writeFileAtomic(path, data);
    expect(Buffer.compare(await readFile(path), data)).toBe(0);
  });

  it("lets the last of several writes at once win, whole", async () => {
    const path = join(folder, "file");
    const texts = ["a", "b", "c"].map((letter) => letter.repeat(100_000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(await readFile(path, "utf8")).toBe(texts[2]);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it("keeps the mode of a file and follows a symbolic link", async () => {
    const path = join(folder, "file");
    const link = join(folder, "link");
    await writeFile(path, "old");
    await chmod(path, 0o640);
    await symlink(path, link);
    await writeFileAtomic(link, "new");
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).sort()).toEqual(["file", "link"]);
  });

  it("flushes the file before it is renamed, and its folder after that", async () => {
    const done: string[] = [];
    const kindOf = (file: number) => (fs.fstatSync(file).isDirectory() ? "folder" : "file");
    const [fsync, rename] = [fs.fsync, fs.rename];
    vi.spyOn(fs, "fsync").mockImplementation((file, callback) => {
      done.push(`flush ${kindOf(file)} with ${fs.fstatSync(file).size} bytes`);
      fsync(file, callback);
    });
    vi.spyOn(fs, "rename").mockImplementation((from, to, callback) => {
      done.push("rename");
      rename(from, to, callback);
    });
    await writeFileAtomic(join(folder, "file"), "four");
    expect(done.slice(0, 2)).toEqual(["flush file with 4 bytes", "rename"]);
    expect(done[2]).toMatch(/^flush folder/);
    expect(done).toHaveLength(3);
  });

  it("says so when the folder cannot be flushed, and passes over systems that cannot do it at all", async () => {
    const path = join(folder, "file");
    const fsync = fs.fsync;
    const failFolder = (code: string) =>
      vi.spyOn(fs, "fsync").mockImplementation((file, callback) => {
        if (fs.fstatSync(file).isDirectory()) callback(Object.assign(new Error(code), { code }));
        else fsync(file, callback);
      });
    failFolder("EIO");
    await expect(writeFileAtomic(path, "new")).rejects.toThrow(`cannot write ${path}: EIO`);
    vi.restoreAllMocks();
    failFolder("EINVAL");
    await writeFileAtomic(path, "newer");
    expect(await readFile(path, "utf8")).toBe("newer");
  });

  it.each([
    ["open", "EACCES", /permission denied/],
    ["open", "EROFS", /read-only/],
    ["fsync", "ENOSPC", /no space is left.*free some/],
    ["rename", "EBUSY", /another program/],
  ] as const)(
    "says what to do when %s fails with %s, and leaves the old file alone",
    async (method, code, message) => {
      const path = join(folder, "file");
      await writeFile(path, "old");
      failWith(method, code);
      const error = await failure(writeFileAtomic(path, "new"));
      vi.restoreAllMocks();
      expect(error.message).toMatch(message);
      expect(error.message).toContain(`cannot write ${path}: `);
      expect(error.message).toContain(`(${code})`);
      expect(await readFile(path, "utf8")).toBe("old");
      expect(await readdir(folder)).toEqual(["file"]);
    },
  );

  it("names a missing folder, a file in place of a folder, and a folder in place of a file", async () => {
    expect((await failure(writeFileAtomic(join(folder, "no", "file"), ""))).message).toMatch(
      /folder exists \(ENOENT\)/,
    );
    await writeFile(join(folder, "file"), "");
    expect((await failure(writeFileAtomic(join(folder, "file", "x"), ""))).message).toMatch(
      /\((ENOTDIR|ENOENT)\)/,
    );
    await mkdir(join(folder, "sub"));
    expect((await failure(writeFileAtomic(join(folder, "sub"), ""))).message).toMatch(
      /\((EISDIR|EPERM|EEXIST)\)/,
    );
    expect((await readdir(folder)).sort()).toEqual(["file", "sub"]);
  });
});

describe("readFileBytes", () => {
  it("reads a file, and says what to do when it cannot", async () => {
    await writeFile(join(folder, "file"), "abc");
    expect([...(await readFileBytes(join(folder, "file")))]).toEqual([97, 98, 99]);
    expect((await failure(readFileBytes(join(folder, "none")))).message).toMatch(
      /cannot read .*none: no such file/,
    );
    expect((await failure(readFileBytes(folder))).message).toMatch(
      /it is a folder, and a file is needed \(EISDIR\)/,
    );
  });
});

describe("fileError", () => {
  it("gives the message of an error without a known code, and passes an AuricleError on", () => {
    expect(fileError("read", "a", new Error("odd")).message).toBe("cannot read a: odd");
    expect(fileError("read", "a", "odd").message).toBe("cannot read a: odd");
    const cause = new AuricleError("data", "known");
    expect(fileError("read", "a", cause)).toBe(cause);
  });
});
