/** @file The optimizers that the lesson compares: the library's own, with its defaults but for the learning rate. */
import { adam, rmsprop, sgd, type Optimizer } from "auricle";

export const OPTIMIZER_NAMES = ["sgd", "momentum", "rmsprop", "adam"] as const;
export type OptimizerName = (typeof OPTIMIZER_NAMES)[number];

/** Steps of the range test, unless the loss explodes before. */
export const RANGE_STEPS = 120;

export interface OptimizerLook {
  readonly title: string;
  /** A colour token: the same in all figures. */
  readonly color: string;
  readonly dash?: readonly number[];
  readonly make: (learningRate: number) => Optimizer;
}

/** The means that momentum, RMSprop and Adam keep: their shares that stay at each step. */
export const MOMENTUM = 0.9;
export const RHO = 0.9;
export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-7;

export const OPTIMIZERS: Readonly<Record<OptimizerName, OptimizerLook>> = {
  sgd: { title: "SGD", color: "negative", make: (learningRate) => sgd({ learningRate }) },
  momentum: {
    title: "Momentum",
    color: "third",
    dash: [8, 3],
    make: (learningRate) => sgd({ learningRate, momentum: MOMENTUM }),
  },
  rmsprop: {
    title: "RMSprop",
    color: "positive",
    dash: [3, 3],
    make: (learningRate) => rmsprop({ learningRate, rho: RHO, epsilon: EPSILON }),
  },
  adam: {
    title: "Adam",
    color: "accent",
    make: (learningRate) => adam({ learningRate, beta1: BETA1, beta2: BETA2, epsilon: EPSILON }),
  },
};
