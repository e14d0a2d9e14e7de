/** @file The kernels of resizing, and the memory that they work in. Browser-safe. */
import { MAXIMUM_PAGES, resampleModule } from "./resample-module.ts";

const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;
/** A memory that a large picture has made larger is let go: it never shrinks. */
const KEPT_BYTES = 2 ** 26;

type Kernel = (...parameters: number[]) => void;

export class ResizeKernels {
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES });
  private readonly kernels: Readonly<Record<string, Kernel>>;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.kernels = exports as Record<string, Kernel>;
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** The memory, of so many bytes at least. */
  reserve(bytes: number): Uint8Array {
    const missing = bytes - this.bytes;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return new Uint8Array(this.memory.buffer);
  }

  /** The loops along rows and along columns, for one or three channels. */
  resampling(channels: number): readonly [Kernel, Kernel] {
    const { k0, k1, k3, k4 } = this.kernels;
    return channels === 3 ? [k3, k4] : [k0, k1];
  }

  /** The sums of squares of pixels, for one or three channels. */
  sums(channels: number): Kernel {
    return channels === 3 ? this.kernels.k5 : this.kernels.k2;
  }
}

let compiled: WebAssembly.Module | undefined;
let kept: ResizeKernels | undefined;

/** Lends the thread's kernels. */
export function withKernels<Result>(use: (kernels: ResizeKernels) => Result): Result {
  compiled ??= new WebAssembly.Module(resampleModule());
  const kernels = kept ?? new ResizeKernels(compiled);
  const result = use(kernels);
  kept = kernels.bytes > KEPT_BYTES ? undefined : kernels;
  return result;
}

/** Stretches of memory one after the other, each from a multiple of 16 bytes on. */
export class Layout {
  bytes = 0;

  /** @returns its address */
  add(bytes: number): number {
    const address = this.bytes;
    this.bytes += roundUp(bytes, ALIGNMENT);
    return address;
  }
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
