/** @file `auricle.js` of an exported model: defines the elements. */
import { AuricleClassifier } from "./classifier.ts";
import { AuricleImageClassifier } from "./image-classifier.ts";

export { AuricleClassifier, AuricleImageClassifier };
export { ModelError } from "../model-client.ts";
export type { Prediction } from "./model-element.ts";

// A page may have loaded this script twice.
if (!customElements.get("auricle-classifier")) customElements.define("auricle-classifier", AuricleClassifier);
if (!customElements.get("auricle-image-classifier")) {
  customElements.define("auricle-image-classifier", AuricleImageClassifier);
}
