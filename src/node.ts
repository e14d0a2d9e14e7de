/** @file The functions that need a file system: models in files, and published ones. For Node.js; import it as "auricle/node". */
export * from "./nn/checkpoint/model-file.ts";
export {
  pretrainedModelFile,
  pretrainedModelFiles,
  type ObtainPretrainedOptions,
} from "./pretrained/index.ts";
export { joinRanks } from "./distributed/join-ranks.ts";
export { shareTraining } from "./nn/training/share-training.ts";
