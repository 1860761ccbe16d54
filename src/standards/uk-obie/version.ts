/** The tag on consents of this version. */
export const VERSION_ID = 'uk-obie/4.0';
