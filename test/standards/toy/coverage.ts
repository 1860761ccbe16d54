/** Operations of the document that are not built, with the reason; answered with 501, never with example data. */
export const NOT_IMPLEMENTED: Readonly<Record<string, string>> = {
  readWeather: 'A bank knows nothing of the weather.',
};
