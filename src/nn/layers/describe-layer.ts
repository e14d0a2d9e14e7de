/**
 * @file Descriptions of layers' options, for forms and documents. They are taken from the checks that a layer makes of its
 * options when it is made, so that no option is said twice. Browser-safe.
 */
import { CONSTRAINT_NAMES } from "../constraints.ts";
import { INITIALIZER_NAMES } from "../initializers/index.ts";
import { ruleRange } from "../named-rule.ts";
import { REGULARIZER_NAMES } from "../regularizers.ts";
import { OPTION_MEANINGS, OWN_MEANINGS } from "./option-meanings.ts";
import {
  BOOLEAN,
  choiceOf,
  INITIALIZER,
  INTEGER,
  lengthsOf,
  numberRange,
  plainChecks,
  POSITIVE_INTEGER,
  withChecks,
  type OptionChecks,
  type OptionType,
} from "./options.ts";
import { layerClass, type LayerClassName } from "./registry.ts";

/** One option of a layer. Plain data. */
export interface OptionDescription {
  readonly name: string;
  readonly type: OptionType;
  /** Whether a layer cannot be made without it. */
  readonly required: boolean;
  /** The value where none is given, as a user would write it; undefined where there is none. */
  readonly default?: unknown;
  /** For a required option: a value to begin with. */
  readonly example?: unknown;
  /** The values that are taken, in the words of the message that refuses others. */
  readonly range: string;
  /** The least and the greatest number that is taken, where there is one. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** All values that there are, or the names among them. */
  readonly choices?: readonly string[];
  /** One or more sentences. */
  readonly meaning: string;
}

/** A layer's description. Plain data. */
export interface LayerDescription {
  /** The name in stored networks, Keras': "Conv2D". */
  readonly className: LayerClassName;
  /** The function that makes such layers: "conv2d". */
  readonly factory: string;
  /** The layer's own options, then those that all layers take. */
  readonly options: readonly OptionDescription[];
}

/**
 * Describes the options of a layer.
 * @param className one of LAYER_CLASS_NAMES
 * @throws AuricleError "argument" when the class is unknown.
 */
export function describeLayer(className: string): LayerDescription {
  const make = layerClass(className);
  const recorder = new Recorder();
  withChecks(recorder.checks, () => make({} as never));
  const options = recorder.options.map((option) => ({
    ...option,
    meaning: OWN_MEANINGS[className]?.[option.name] ?? OPTION_MEANINGS[option.name],
  }));
  return { className: className as LayerClassName, factory: recorder.factory, options };
}

/** Values to begin with, for options that have no default. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  centers: [[0]],
  connections: [[0]],
  cropping: 1,
  dims: [1],
  filters: 16,
  frontEnd: { kind: "melSpectrogram" },
  height: 32,
  kernelSize: 3,
  rate: 0.25,
  scale: 1 / 255,
  stddev: 0.1,
  steps: [{ operation: "Relu", attributes: {}, inputs: [0] }],
  targetShape: [-1],
  units: 10,
  width: 32,
};

type Recorded = Omit<OptionDescription, "meaning">;

/** Notes what a layer asks of its options, and gives it their defaults, or examples where there are none. */
class Recorder {
  readonly options: Recorded[] = [];
  factory = "";

  readonly checks = (where: string): OptionChecks => {
    this.factory = where;
    const plain = plainChecks(where);
    const value = (name: string, fallback: unknown) => fallback ?? EXAMPLES[name];
    return {
      positiveInteger: (name, _, fallback) => {
        this.note(name, fallback, { type: "integer", range: POSITIVE_INTEGER, minimum: 1 });
        return plain.positiveInteger(name, value(name, fallback));
      },
      integer: (name, _, fallback) => {
        this.note(name, fallback, { type: "integer", range: INTEGER });
        return plain.integer(name, value(name, fallback));
      },
      number: (name, _, fallback, low = -Infinity, high = Infinity) => {
        const range = numberRange(low, high);
        const limits = {
          ...(low > -Infinity && { minimum: low }),
          ...(high < Infinity && { maximum: high }),
        };
        this.note(name, fallback, { type: "number", range, ...limits });
        return plain.number(name, value(name, fallback), undefined, low, high);
      },
      boolean: (name, _, fallback) => {
        this.note(name, fallback, { type: "boolean", range: BOOLEAN });
        return fallback;
      },
      oneOf: (name, _, choices, fallback) => {
        this.note(name, fallback, { type: "choice", range: choiceOf(choices), choices });
        return plain.oneOf(name, value(name, fallback), choices);
      },
      perAxis: (name, _, axes, fallback) => {
        this.note(name, fallback, { type: "lengths", range: lengthsOf(axes), minimum: 1 });
        return plain.perAxis(name, value(name, fallback), axes);
      },
      initializer: (name, _, fallback) => {
        this.note(name, fallback, { type: "initializer", range: INITIALIZER, choices: INITIALIZER_NAMES });
        return plain.initializer(name, undefined, fallback);
      },
      regularizer: (name) =>
        this.none(name, {
          type: "regularizer",
          range: ruleRange(REGULARIZER_NAMES),
          choices: REGULARIZER_NAMES,
        }),
      constraint: (name) =>
        this.none(name, {
          type: "constraint",
          range: ruleRange(CONSTRAINT_NAMES),
          choices: CONSTRAINT_NAMES,
        }),
      other: (name, _, option) => {
        this.note(name, option.fallback, { type: option.type, range: option.wanted });
        return plain.other(name, value(name, option.fallback), option);
      },
      optional: (name, _, { type, wanted }) => this.none(name, { type, range: wanted }),
    };
  };

  private note(name: string, fallback: unknown, option: Omit<Recorded, "name" | "required">): void {
    const required = fallback === undefined;
    const value = required ? { example: EXAMPLES[name] } : { default: fallback };
    this.options.push({ name, required, ...value, ...option });
  }

  /** An option that may be left out and then stands for nothing. */
  private none(name: string, option: Omit<Recorded, "name" | "required">): undefined {
    this.options.push({ name, required: false, ...option });
  }
}
