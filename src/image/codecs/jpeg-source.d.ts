/** Written by the build: the compiled decoder in base64. */
export const base64: string;
