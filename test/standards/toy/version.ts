/** The tag on consents of this version. */
export const VERSION_ID = 'toy/1.0';
