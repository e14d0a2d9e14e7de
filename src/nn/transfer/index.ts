export { freezeConvolutionalPart, freezeLayers, type LayerHolder } from "./freeze-layers.ts";
export {
  withFirstLayers,
  withLastLayer,
  withoutFinalActivation,
  type FinalActivation,
  type WithLogits,
} from "./change-ends.ts";
export { fitLinearHead, type LinearHead, type LinearHeadOptions, type LinearLoss } from "./linear-head.ts";
export { headOf, replaceHead, type ReplaceHeadOptions } from "./replace-head.ts";
export { sideBySide, type SideBySideOptions } from "./side-by-side.ts";
export {
  transferWeights,
  type KeptWeight,
  type TransferReport,
  type WeightHolder,
} from "./transfer-weights.ts";
