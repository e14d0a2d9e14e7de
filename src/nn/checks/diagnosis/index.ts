export { guessingLoss } from "./answers.ts";
export {
  diagnoseTraining,
  type DiagnosisData,
  type TrainingDiagnosis,
  type TrainingVerdict,
} from "./diagnose-training.ts";
export type { FindingCode, TrainingFinding } from "./findings.ts";
