/** @file A run's report as one HTML file. Browser-safe. */

export { examplesToPreview, EXCERPT, type PreviewRequest } from "./example-order.ts";
export { renderLearningRates, type LearningRatePage } from "./learning-rate-page.ts";
export { renderReport, type ReportOptions } from "./render-report.ts";
export { withSeeds } from "./seeds.ts";
export { DIAGNOSIS_TITLES } from "./report-data.ts";
export type * from "./report-data.ts";
export { LARGEST_PICTURE, spectrogramImage, type SpectrogramImageOptions } from "./spectrogram-image.ts";
export { decimalText, frequencyTicks, linearAxis } from "./axis.ts";
export { orderedFilters } from "./filters.ts";
export { encodePicture } from "./picture-image.ts";
export { formatDuration, formatNumber, formatPercent } from "./format.ts";
export type { RgbPicture } from "./explanation/canvas.ts";
export type * from "./explanation/explanation-data.ts";
export { explanationFiles, PAGE_NAME, type ExplanationFile } from "./explanation/files.ts";
export { channelSheet } from "./explanation/sheet.ts";
export { spectrogramColors } from "./explanation/spectrogram-colors.ts";
export { embeddingMapFiles, MOST_POINTS, type EmbeddingMapData } from "./explanation/embedding-map.ts";
