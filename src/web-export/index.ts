/** @file Models for the web, compiled ahead of time: `auricle export --web`. Node only. */
export { compileForWeb, type WebModel } from "./compile-model.ts";
export { weightsAgreement, type Agreement } from "./weights-agreement.ts";
export { roundedWeights } from "./weight-forms.ts";
export { checkWebFile, checkWebFolder, writeWebFile, writeWebFolder, type WebSizes } from "./write-web.ts";
