export const EXIT = {
  answered: 0,
  /** The execution failed, or a service could not be reached. */
  failed: 1,
  wrongUse: 2,
  /** 128 + SIGINT, as shells report it. */
  interrupted: 130,
} as const;
