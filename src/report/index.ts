/** @file A run's report as one HTML file. Browser-safe. */

export { clipsToPreview, EXCERPT, type PreviewRequest } from "./clip-order.ts";
export { renderLearningRates, type LearningRatePage } from "./learning-rate-page.ts";
export { renderReport, type ReportOptions } from "./render-report.ts";
export { withSeeds } from "./seeds.ts";
export { DIAGNOSIS_TITLES } from "./report-data.ts";
export type * from "./report-data.ts";
export { LARGEST_PICTURE, spectrogramImage, type SpectrogramImageOptions } from "./spectrogram-image.ts";
