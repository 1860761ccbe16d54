/** The tag on consents of this version. */
export const VERSION_ID = 'berlin-group/1.3';
