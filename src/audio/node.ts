/** @file What of sound needs a file system. For Node.js. */
export { openAudioFile, readAudioFile, type AudioFile } from "./decode/audio-file.ts";
