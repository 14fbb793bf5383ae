/** Put in by build.mjs. */
declare const SHELL: string[];
declare const VERSION: string;
declare const APP_VERSION: string;
