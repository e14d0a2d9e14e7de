export type { Initializer, InitializerConfig } from "./initializer.ts";
export { constant, ones, zeros, type ConstantOptions } from "./constant.ts";
export { computeFans, type Fans } from "./fans.ts";
export { lecun1998 } from "./lecun-1998.ts";
export { orthogonal, type OrthogonalOptions } from "./orthogonal.ts";
export {
  randomNormal,
  randomUniform,
  truncatedNormal,
  type NormalOptions,
  type RandomUniformOptions,
} from "./random.ts";
export { INITIALIZER_NAMES, initializerFromConfig, initializerOf, type InitializerName } from "./registry.ts";
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
  type VarianceScalingDistribution,
  type VarianceScalingMode,
  type VarianceScalingOptions,
} from "./variance-scaling.ts";
