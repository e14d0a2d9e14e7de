/** @file `auricle/pretrained`: published networks as model files. For Node.js. */

export {
  isPretrainedName,
  PRETRAINED_GROUPS,
  PRETRAINED_MODELS,
  pretrainedDefinitions,
} from "./catalogue.ts";
export type { PretrainedDefinition, PretrainedGroup, PythonPackage } from "./definition.ts";
export {
  locatePretrained,
  obtainPretrained,
  pretrainedModelFile,
  pretrainedModelFiles,
} from "./model-files.ts";
export type { ObtainPretrainedOptions } from "./obtain-package.ts";
export { originMetadata, originOf, type Origin } from "./origin.ts";
