import { type NoOptions, type OptionNames, checkOptions } from "../../options.ts";
import { elementwiseInitializer, finiteNumber, type Initializer } from "./initializer.ts";

export interface ConstantOptions {
  readonly value: number;
}

const OPTIONS: OptionNames<ConstantOptions> = { value: true };

/** All values 0: the default for biases. */
export function zeros(options: NoOptions = {}): Initializer {
  checkOptions("zeros", options, {});
  return elementwiseInitializer("zeros", {}, () => (values) => values.fill(0));
}

/** All values 1: the default for batch normalization's scale. */
export function ones(options: NoOptions = {}): Initializer {
  checkOptions("ones", options, {});
  return elementwiseInitializer("ones", {}, () => (values) => values.fill(1));
}

/** All values `value`. @throws AuricleError "argument" unless it is a finite number. */
export function constant(options: ConstantOptions): Initializer {
  checkOptions("constant", options, OPTIONS);
  const value = finiteNumber("constant", "value", options.value);
  return elementwiseInitializer("constant", { value }, () => (values) => values.fill(value));
}
