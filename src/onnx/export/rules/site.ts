/** @file The place where a rule makes nodes of an operation. */
import type { OnnxBuilder } from "../builder.ts";
import type { Dim } from "../dims.ts";
import type { SumsRegister } from "../sums.ts";
import { describeTensor } from "../../../graph/tensor.ts";
import { hasFixedParameters, LengthError, type TracedNode } from "../traces.ts";
import type { Flowing, Value } from "../values.ts";

export interface Site<P> {
  readonly builder: OnnxBuilder;
  readonly sums: SumsRegister;
  readonly node: TracedNode;
  readonly inputs: readonly Value[];
  /** The value of any operation that comes before. */
  valueOf(node: TracedNode): Value;
  /** The lengths of the result's axes. */
  readonly dims: readonly Dim[];
  /** The operation's parameters in each trace. */
  readonly eachParameters: readonly P[];
}

/** Makes nodes of an operation, and returns where their result is. */
export type Rule<P> = (site: Site<P>) => Flowing;

/** An operation's parameters. @throws LengthError where they are not the same in every trace. */
export function parametersOf<P>({ node, eachParameters }: Site<P>): P {
  if (hasFixedParameters(node)) return eachParameters[0];
  throw new LengthError(`the parameters of ${describeTensor(node.tensors[0])} depend on the input's length`);
}
