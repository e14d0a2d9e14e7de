/** @file The audio functions that need a file system. For Node.js. */
export { openAudioFile, readAudioFile, type AudioFile } from "./decode/audio-file.ts";
