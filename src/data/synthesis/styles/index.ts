/** @file Music and notes that code renders; see styles-file.ts and notes-file.ts for folders of them. Browser-safe. */

export {
  NOTE_INSTRUMENTS,
  NOTE_PITCHES,
  notesPlan,
  renderNote,
  type NoteInstrument,
  type NoteOptions,
  type NotesOptions,
  type PlannedNote,
} from "./notes.ts";
export { renderStyle, STYLE_NAMES, type StyleName, type StyleOptions } from "./render-style.ts";
export { stylesCollectionPlan, type StylesOptions, type StyleTrack } from "./styles-plan.ts";
