/** @file The rules by which the filters get their first values, and the network that they are tried on. */
import { averagePooling2d, conv2d, dense, flatten, initializers, sequential, sgd, type Model } from "auricle";

export type ActivationName = "relu" | "tanh";

export const RULE_NAMES = [
  "zeros",
  "equal",
  "small",
  "large",
  "lecun",
  "glorot",
  "he",
  "orthogonal",
  "own",
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

export interface Rule {
  readonly title: string;
  /** Says what is drawn. */
  readonly says: string;
  /** A colour token; a rule has its colour in all figures. */
  readonly color: string;
  readonly dash?: readonly number[];
}

export const RULES: Readonly<Record<RuleName, Rule>> = {
  zeros: { title: "all 0", says: "every weight is 0", color: "soft", dash: [2, 3] },
  equal: { title: "all equal", says: "every weight is 1/72 ≈ 0.0139", color: "soft", dash: [8, 4] },
  small: {
    title: "too small",
    says: "normal, standard deviation 0.01",
    color: "negative",
    dash: [6, 3],
  },
  large: { title: "too large", says: "normal, standard deviation 1", color: "positive", dash: [6, 3] },
  lecun: { title: "LeCun", says: "variance 1 / inputs", color: "third" },
  glorot: { title: "Glorot", says: "variance 2 / (inputs + outputs)", color: "train" },
  he: { title: "He", says: "variance 2 / inputs", color: "accent" },
  orthogonal: {
    title: "orthogonal",
    says: "filters at right angles to each other, for ReLU times √2",
    color: "edge",
  },
  own: { title: "yours", says: "normal, with your standard deviation", color: "ink" },
};

export const FILTERS = 8;
/** Layers with filters; a dense layer follows them. */
export const CONVOLUTIONS = 5;
/** The names of the layers with weights, in order. */
export const LAYER_NAMES: readonly string[] = [
  ...Array.from({ length: CONVOLUTIONS }, (_, i) => `conv_${i + 1}`),
  "dense",
];

export interface NetworkRequest {
  readonly rule: RuleName;
  readonly activation: ActivationName;
  /** The standard deviation of the rule "own". */
  readonly own: number;
  readonly seed: number;
  readonly learningRate: number;
}

/** The initializer of a rule. */
export function initializerOf({ rule, activation, own }: Omit<NetworkRequest, "seed" | "learningRate">) {
  const made: Readonly<Record<RuleName, () => initializers.Initializer>> = {
    zeros: () => initializers.zeros(),
    equal: () => initializers.constant({ value: 1 / (9 * FILTERS) }),
    small: () => initializers.randomNormal({ stddev: 0.01 }),
    large: () => initializers.randomNormal({ stddev: 1 }),
    lecun: () => initializers.lecunNormal(),
    glorot: () => initializers.glorotNormal(),
    he: () => initializers.heNormal(),
    orthogonal: () => initializers.orthogonal({ gain: activation === "relu" ? Math.SQRT2 : 1 }),
    own: () => initializers.randomNormal({ stddev: own }),
  };
  return made[rule]();
}

/**
 * Five convolutions of 3 × 3 with eight filters each, and ten answers. Biases begin at 0. Compiled for plain gradient descent, which
 * hides nothing of what the first values do.
 */
export function networkOf(request: NetworkRequest): Model {
  const kernelInitializer = initializerOf(request);
  const { activation, seed, learningRate } = request;
  const model = sequential(
    [
      averagePooling2d({ poolSize: 2, inputShape: [28, 28, 1] }),
      ...LAYER_NAMES.slice(0, CONVOLUTIONS).map((name) =>
        conv2d({ name, filters: FILTERS, kernelSize: 3, padding: "same", activation, kernelInitializer }),
      ),
      flatten(),
      dense({ name: "dense", units: 10, kernelInitializer }),
    ],
    { seed, threads: 1 },
  );
  model.compile({ optimizer: sgd({ learningRate }), loss: "softmaxCrossEntropy" });
  return model;
}
