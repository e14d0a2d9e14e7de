import { describe, expect, it } from "vitest";
import { loadingMessage, systemMessage } from "./system-errors.ts";

const failure = (code: string, more: object = {}) =>
  Object.assign(new Error("it could not be read"), { code, ...more });

describe("what is said of an error of loading", () => {
  it.each([
    ["EMFILE", 160, "only 160", 512],
    ["EMFILE", 1024, "only 1024", 2048],
    ["ENFILE", Infinity, "too few", 512],
    ["ERR_MODULE_NOT_FOUND", 100, "only 100", 512],
    ["MODULE_NOT_FOUND", 100, "only 100", 512],
    ["ERR_UNSUPPORTED_DIR_IMPORT", 100, "only 100", 512],
    ["ERR_PACKAGE_PATH_NOT_EXPORTED", 100, "only 100", 512],
    ["ERR_PACKAGE_IMPORT_NOT_DEFINED", 100, "only 100", 512],
  ])("%s where %d files may be open: the limit", (code, limit, allowed, wanted) => {
    expect(loadingMessage(failure(code), limit)).toBe(
      `Auricle could not be loaded: the system allows ${allowed} open files (ulimit -n); raise the limit: ulimit -n ${wanted}`,
    );
  });

  it("a syntax that is not that of a module's kind: the limit where it is low", () => {
    const error = new SyntaxError("Cannot use import statement outside a module");
    expect(loadingMessage(error, 100)).toContain("only 100 open files");
    expect(loadingMessage(error, 1024)).toBeUndefined();
  });

  it.each([
    ["ERR_MODULE_NOT_FOUND", 1024],
    ["ERR_INVALID_ARG_TYPE", 100],
  ])("%s where %d files may be open: nothing", (code, limit) => {
    expect(loadingMessage(failure(code), limit)).toBeUndefined();
    expect(loadingMessage("no error", limit)).toBeUndefined();
  });
});

describe("what is said of an error of the system", () => {
  it.each([
    [failure("EMFILE"), "the system allows only 100 open files (ulimit -n); raise the limit: ulimit -n 512"],
    [failure("ENOMEM"), /^the system is out of memory.*ulimit -v/],
    [new RangeError("WebAssembly.Memory(): could not allocate memory"), /^the system is out of memory/],
    [new RangeError("Array buffer allocation failed"), /^the system is out of memory/],
    [failure("EIO", { syscall: "read" }), "the system refused the operation: it could not be read"],
  ])("%s", (error, expected) => {
    expect(systemMessage(error, 100)).toMatch(expected);
  });

  it.each([new RangeError("Invalid array length"), new TypeError("x is undefined"), "text"])(
    "nothing of %s",
    (error) => {
      expect(systemMessage(error, 100)).toBeUndefined();
    },
  );
});
