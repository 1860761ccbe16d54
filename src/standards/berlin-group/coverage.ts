/**
 * Operations of the documents that are not built, with the reason; answered with 501, never with example data. All
 * operations of 1.3.12 are; what is left out below an operation is listed in the README of this folder.
 */
export const NOT_IMPLEMENTED: Readonly<Record<string, string>> = {};
