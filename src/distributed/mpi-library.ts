/**
 * @file Node.js only: the functions of MPI, found when they are needed and called through the optional package koffi. Only those
 * that never wait are used, so that the event loop goes on, but for the first and the last one, which have a watchdog. MPI's functions are called by the main thread
 * alone (MPI_THREAD_FUNNELED).
 */
import { createRequire } from "node:module";
import { hostname } from "node:os";
import process from "node:process";
import type * as koffi from "koffi";
import { AuricleError } from "../errors.ts";
import { FORWARD } from "./communicator.ts";
import type { MpiFamily } from "./launch.ts";
import type { Pending, Transport } from "./transport.ts";
import { withWatchdog } from "./watchdog.ts";

type Koffi = typeof koffi;
type Library = koffi.LibraryHandle;

/** The values that differ between the two binary interfaces. */
interface Binding {
  readonly family: MpiFamily;
  /** The C type of handles. */
  readonly handle: "uintptr_t" | "int";
  readonly world: bigint | number;
  readonly byte: bigint | number;
  readonly errorsReturn: bigint | number;
  /** MPI_STATUS_IGNORE. */
  readonly ignore: number;
}

/** The files of each family's library; the loader looks where the system keeps libraries. */
const FILES: Readonly<Record<MpiFamily, Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>>>> = {
  "Open MPI": {
    linux: ["libmpi.so.40", "libmpi.so.80", "libmpi.so"],
    darwin: ["libmpi.40.dylib", "/opt/homebrew/lib/libmpi.dylib", "/usr/local/lib/libmpi.dylib"],
  },
  MPICH: {
    linux: ["libmpich.so.12", "libmpi.so.12", "libmpich.so", "libmpi.so"],
    darwin: ["libmpi.12.dylib", "/opt/homebrew/lib/libmpi.dylib", "/usr/local/lib/libmpi.dylib"],
  },
};

/** Names the file of the library, where it is none of {@link FILES}. */
const LIBRARY_VARIABLE = "AURICLE_MPI_LIBRARY";

/**
 * Settings of the libraries below MPI, made before they are loaded. They would replace code of the C library and handlers of signals while
 * the threads of the JavaScript engine use them, which ends a process with SIGSEGV now and then. What is set already stays.
 */
const QUIET = {
  // UCX: no handlers of signals, which WebAssembly needs, and no hooks in mmap and munmap.
  UCX_ERROR_SIGNALS: "",
  UCX_HANDLE_ERRORS: "none",
  UCX_MEM_EVENTS: "no",
  UCX_MEM_MMAP_HOOK_MODE: "none",
  // libfabric and Open MPI: no hooks either.
  FI_MR_CACHE_MONITOR: "disabled",
  OMPI_MCA_memory: "^patcher",
  OMPI_MCA_opal_signal: "6",
} as const;

const THREAD_FUNNELED = 1;
const LONGEST_TEXT = 8192;

export interface OpenOptions {
  readonly families: readonly MpiFamily[];
  /** The number of ranks that the start has told, to be compared with what MPI says. */
  readonly size: number | undefined;
  /** Seconds to wait for all ranks at the start, and at the end. */
  readonly timeout: number;
}

/**
 * Loads MPI and joins the job that this process was started in. Waits until all its ranks do.
 * @throws AuricleError "unsupported" where koffi or MPI is not installed, or is not the one that has started this process
 */
export function openMpi({ families, size, timeout }: OpenOptions): Transport {
  const koffi = loadKoffi();
  for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;
  const transport = new Mpi(koffi, loadLibrary(koffi, families), timeout);
  if (size === undefined || size === transport.size) return transport;
  throw new AuricleError(
    "unsupported",
    `MPI: ${size} ranks were started, but ${transport.engine} knows of ${transport.size}: it is not the MPI that has started this process; ` +
      `set ${LIBRARY_VARIABLE} to the path of the one that has`,
  );
}

function loadKoffi(): Koffi {
  try {
    return createRequire(import.meta.url)("koffi") as Koffi;
  } catch (cause) {
    throw new AuricleError(
      "unsupported",
      "MPI: training in several processes needs the optional package koffi, which is not installed; npm install koffi",
      { cause },
    );
  }
}

function loadLibrary(koffi: Koffi, families: readonly MpiFamily[]): Library {
  const given = process.env[LIBRARY_VARIABLE];
  const files = given ? [given] : families.flatMap((family) => FILES[family][process.platform] ?? []);
  for (const file of files) {
    try {
      // Its plug-ins look for its symbols among those of the process.
      return koffi.load(file, { global: true });
    } catch (cause) {
      if (given)
        throw new AuricleError(
          "unsupported",
          `MPI: ${LIBRARY_VARIABLE}=${given} cannot be loaded: ${String(cause)}`,
          {
            cause,
          },
        );
    }
  }
  const packages = families.map((family) => (family === "MPICH" ? "mpich" : "openmpi-bin")).join(" or ");
  throw new AuricleError(
    "unsupported",
    files.length === 0
      ? `MPI: is looked for on Linux and macOS only; set ${LIBRARY_VARIABLE} to the path of its library`
      : `MPI: this process was started by ${families.join(" or ")}, whose library (${files.join(", ")}) is not found; install it ` +
          `(Debian's package ${packages}) or set ${LIBRARY_VARIABLE} to its path`,
  );
}

function bindingOf(koffi: Koffi, library: Library): Binding {
  const symbol = (name: string) => koffi.address(library.symbol(name));
  try {
    return {
      family: "Open MPI",
      handle: "uintptr_t",
      world: symbol("ompi_mpi_comm_world"),
      byte: symbol("ompi_mpi_byte"),
      errorsReturn: symbol("ompi_mpi_errors_return"),
      ignore: 0,
    };
  } catch {
    // The numbers that MPICH and its relatives have agreed on.
    return {
      family: "MPICH",
      handle: "int",
      world: 0x44000000,
      byte: 0x4c00010d,
      errorsReturn: 0x54000001,
      ignore: 1,
    };
  }
}

class Mpi implements Transport {
  readonly rank: number;
  readonly size: number;
  readonly engine: string;
  private readonly koffi: Koffi;
  private readonly functions: ReturnType<typeof functionsOf>;
  private readonly binding: Binding;
  private readonly timeout: number;
  private readonly answer = new Int32Array(new ArrayBuffer(8));
  private readonly answerAddress: bigint;

  constructor(koffi: Koffi, library: Library, timeout: number) {
    this.koffi = koffi;
    this.timeout = timeout;
    this.binding = bindingOf(koffi, library);
    this.functions = functionsOf(library, this.binding);
    this.answerAddress = koffi.address(this.answer);
    const { functions, binding, answerAddress } = this;
    this.meet("MPI_Init_thread", "start", () => functions.init(0, 0, THREAD_FUNNELED, answerAddress));
    this.check("MPI_Comm_set_errhandler", functions.setErrorHandler(binding.world, binding.errorsReturn));
    this.check("MPI_Comm_rank", functions.rank(binding.world, answerAddress));
    this.rank = this.answer[0];
    this.check("MPI_Comm_size", functions.size(binding.world, answerAddress));
    this.size = this.answer[0];
    this.engine = nameOf(this.text((address, length) => functions.version(address, length)));
  }

  send(bytes: Uint8Array, to: number, tag: number): Pending {
    const { functions, binding } = this;
    return this.begin("MPI_Isend", bytes, to, (address, request) =>
      functions.send(address, bytes.length, binding.byte, to, tag, binding.world, request),
    );
  }

  receive(into: Uint8Array, from: number, tag: number): Pending {
    const { functions, binding } = this;
    return this.begin("MPI_Irecv", into, from, (address, request) =>
      functions.receive(address, into.length, binding.byte, from, tag, binding.world, request),
    );
  }

  end(): void {
    this.meet("MPI_Finalize", "end", () => this.functions.finalize());
  }

  abort(code: number): void {
    this.functions.abort(this.binding.world, code);
  }

  /** Makes a call that waits for all ranks. */
  private meet(what: string, when: "start" | "end", call: () => number): void {
    const message =
      `error: the ${when}: a rank on ${hostname()} waited ${this.timeout} s in ${what} for others, which hang, have lost their ` +
      "connection or are that much slower; --rank-timeout changes how long to wait\n";
    this.check(what, withWatchdog({ seconds: this.timeout, message, forward: FORWARD }, call));
  }

  private begin(
    what: string,
    bytes: Uint8Array,
    other: number,
    call: (address: bigint, request: bigint) => number,
  ): Pending {
    const { koffi, functions, binding, answer, answerAddress } = this;
    const request = new BigInt64Array(new ArrayBuffer(8));
    const requestAddress = koffi.address(request);
    const address = koffi.address(bytes);
    this.check(what, call(address, requestAddress));
    let held: readonly unknown[] | undefined = [bytes, request];
    return {
      other,
      isDone: () => {
        if (!held) return true;
        this.check("MPI_Test", functions.test(requestAddress, answerAddress, binding.ignore));
        if (answer[0] === 0) return false;
        held = undefined;
        return true;
      },
    };
  }

  private check(what: string, code: number): void {
    if (code === 0) return;
    const text = this.text((address, length) => this.functions.errorText(code, address, length));
    throw new AuricleError("unsupported", `MPI: ${what} failed: ${text}`);
  }

  private text(write: (address: bigint, length: bigint) => void): string {
    const bytes = new Uint8Array(new ArrayBuffer(LONGEST_TEXT));
    write(this.koffi.address(bytes), this.answerAddress);
    return new TextDecoder().decode(bytes.subarray(0, this.answer[0]));
  }
}

/** "Open MPI v4.1.4, package: …" and "MPICH Version:\t4.0.2\n…" without what follows the version. */
function nameOf(version: string): string {
  const match = /^(.*?)(?:\s+Version:)?\s+v?(\d[\w.]*)/.exec(version);
  return match ? `${match[1]} ${match[2]}` : (version.split("\n")[0] ?? "MPI");
}

function functionsOf(library: Library, { handle }: Binding) {
  const pointer = "uintptr_t";
  const define = (name: string, ...types: readonly string[]) =>
    library.func(name, "int", [...types]) as (...values: readonly (bigint | number)[]) => number;
  return {
    init: define("MPI_Init_thread", pointer, pointer, "int", pointer),
    finalize: define("MPI_Finalize"),
    abort: define("MPI_Abort", handle, "int"),
    rank: define("MPI_Comm_rank", handle, pointer),
    size: define("MPI_Comm_size", handle, pointer),
    setErrorHandler: define("MPI_Comm_set_errhandler", handle, handle),
    send: define("MPI_Isend", pointer, "int", handle, "int", "int", handle, pointer),
    receive: define("MPI_Irecv", pointer, "int", handle, "int", "int", handle, pointer),
    test: define("MPI_Test", pointer, pointer, pointer),
    errorText: define("MPI_Error_string", "int", pointer, pointer),
    version: define("MPI_Get_library_version", pointer, pointer),
  };
}
