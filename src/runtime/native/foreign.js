/**
 * @file Node.js only: memory for machine code, and calls into it, through the optional package koffi. JavaScript and
 * without imports from elsewhere, since worker threads and the child process that tries machine code load it by its URL.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * @typedef {object} Foreign
 * @property {(code: Uint8Array) => number} mapCode copies code into memory of its own, which can be executed and no longer be
 *   written then; returns its address
 * @property {(address: number, bytes: number) => void} unmapCode
 * @property {(address: number, bytes: number) => void} preferLargePages of a stretch of memory, where the system has such pages
 *   and gives them on request; a hint that may be left unheard
 * @property {(view: ArrayBufferView) => number} addressOf a view's memory, which stays where it is if it is not on the heap
 * @property {(address: number) => (...args: number[]) => void} functionAt up to three pointers, no result
 */

const require = createRequire(import.meta.url);

/** @type {Foreign | undefined} */
let foreign;

/**
 * koffi's version, or undefined if it is not installed.
 * @returns {string | undefined}
 */
export function foreignVersion() {
  try {
    // Not `require` of this file: the package exports no such path.
    const description = join(dirname(require.resolve("koffi")), "package.json");
    return JSON.parse(readFileSync(description, "utf8")).version;
  } catch {
    return undefined;
  }
}

/**
 * @returns {Foreign}
 * @throws what Node.js throws when koffi is not installed
 */
export function openForeign() {
  if (!foreign) {
    /** @type {typeof import("koffi")} */
    const koffi = require("koffi");
    foreign = {
      ...(process.platform === "win32" ? windowsMemory(koffi) : posixMemory(koffi)),
      addressOf: (view) => Number(koffi.address(view)),
      functionAt: (address) => koffi.decode(BigInt(address), prototype(koffi)),
    };
  }
  return foreign;
}

/** @type {import("koffi").TypeObject | undefined} */
let kernelPrototype;

/** @param {typeof import("koffi")} koffi */
function prototype(koffi) {
  return (kernelPrototype ??= koffi.proto("void (uintptr_t, uintptr_t, uintptr_t)"));
}

/**
 * @param {typeof import("koffi")} koffi
 * @param {bigint} address
 * @param {Uint8Array} code
 */
function copy(koffi, address, code) {
  new Uint8Array(koffi.view(address, code.length)).set(code);
}

const READ_WRITE = 3;
const READ_EXECUTE = 5;
/** Linux' own; the number that Darwin has for something else. */
const MADV_HUGEPAGE = 14;
/** The alignment that madvise requires of addresses: the smallest page. */
const PAGE_BYTES = 4096;

/**
 * @param {typeof import("koffi")} koffi
 * @returns {Pick<Foreign, "mapCode" | "unmapCode" | "preferLargePages">}
 */
function posixMemory(koffi) {
  const libc = koffi.load(null);
  const mmap = libc.func("void *mmap(void *, size_t, int, int, int, int64_t)");
  const mprotect = libc.func("int mprotect(void *, size_t, int)");
  const munmap = libc.func("int munmap(void *, size_t)");
  const madvise = process.platform === "linux" ? libc.func("int madvise(void *, size_t, int)") : undefined;
  // MAP_PRIVATE with MAP_ANONYMOUS, whose number is one of Linux's own.
  const flags = process.platform === "linux" ? 0x22 : 0x1002;
  return {
    mapCode(code) {
      /** @type {bigint} */
      const address = mmap(null, code.length, READ_WRITE, flags, -1, 0);
      if (BigInt.asIntN(64, address) === -1n) throw new Error("mmap: the system gives no memory");
      copy(koffi, address, code);
      if (mprotect(address, code.length, READ_EXECUTE) !== 0) {
        munmap(address, code.length);
        throw new Error("mprotect: the system lets no memory be executed");
      }
      return Number(address);
    },
    unmapCode: (address, bytes) => munmap(BigInt(address), bytes),
    preferLargePages(address, bytes) {
      if (address % PAGE_BYTES === 0) madvise?.(BigInt(address), bytes, MADV_HUGEPAGE);
    },
  };
}

const COMMIT_AND_RESERVE = 0x3000;
const RELEASE = 0x8000;
const PAGE_READWRITE = 0x04;
const PAGE_EXECUTE_READ = 0x20;

/**
 * @param {typeof import("koffi")} koffi
 * @returns {Pick<Foreign, "mapCode" | "unmapCode" | "preferLargePages">}
 */
function windowsMemory(koffi) {
  const kernel32 = koffi.load("kernel32.dll");
  const VirtualAlloc = kernel32.func("void *VirtualAlloc(void *, size_t, uint32_t, uint32_t)");
  const VirtualProtect = kernel32.func("int VirtualProtect(void *, size_t, uint32_t, _Out_ uint32_t *)");
  const VirtualFree = kernel32.func("int VirtualFree(void *, size_t, uint32_t)");
  const GetCurrentProcess = kernel32.func("void *GetCurrentProcess()");
  const FlushInstructionCache = kernel32.func("int FlushInstructionCache(void *, void *, size_t)");
  return {
    mapCode(code) {
      /** @type {bigint | null} */
      const address = VirtualAlloc(null, code.length, COMMIT_AND_RESERVE, PAGE_READWRITE);
      if (address === null) throw new Error("VirtualAlloc: the system gives no memory");
      copy(koffi, address, code);
      if (VirtualProtect(address, code.length, PAGE_EXECUTE_READ, [0]) === 0) {
        VirtualFree(address, 0, RELEASE);
        throw new Error("VirtualProtect: the system lets no memory be executed");
      }
      FlushInstructionCache(GetCurrentProcess(), address, code.length);
      return Number(address);
    },
    unmapCode: (address) => VirtualFree(BigInt(address), 0, RELEASE),
    // Large pages of Windows need a privilege and are never given afterwards.
    preferLargePages: () => undefined,
  };
}
