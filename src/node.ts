/** @file The functions that need a file system: models in files. For Node.js; import it as "auricle/node". */
export * from "./nn/checkpoint/model-file.ts";
