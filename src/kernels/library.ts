/** @file The kernels of the vector machine, for all targets that it emits code for: those that a program's operations ask for. */
import type { MachineTraits } from "../machine/ir.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelKind, KernelLibrary, KernelRequest } from "./requests.ts";

/** Each file of kernels adds its own, so that a page loads those alone whose operations it has. */
const kernels: { -readonly [Kind in KernelKind]?: KernelLibrary[Kind] } = {};

/** Adds the kernel of a kind. @returns the kind, for requests */
export function machineKernel<Kind extends KernelKind>(kind: Kind, generate: KernelLibrary[Kind]): Kind {
  kernels[kind] = generate;
  return kind;
}

/** Generates the kernel that a request asks for. @throws RangeError for a kind whose file was not loaded */
export function generateKernel<Kind extends KernelKind>(
  request: KernelRequest<Kind>,
  machine: MachineTraits,
): Kernel {
  const generate: KernelLibrary[Kind] | undefined = kernels[request.kind];
  if (!generate) throw new RangeError(`no kernel of kind ${request.kind} is loaded`);
  return generate(request, machine);
}
