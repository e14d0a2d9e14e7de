export { freezeConvolutionalPart, freezeLayers, type LayerHolder } from "./freeze-layers.ts";
export {
  withFirstLayers,
  withLastLayer,
  withoutFinalActivation,
  type FinalActivation,
  type WithLogits,
} from "./change-ends.ts";
export { replaceHead, type ReplaceHeadOptions } from "./replace-head.ts";
export {
  transferWeights,
  type KeptWeight,
  type TransferReport,
  type WeightHolder,
} from "./transfer-weights.ts";
