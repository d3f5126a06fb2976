/** Half of a surrogate pair, for which UTF-8, and so Bedrock, has no form. */
export const LONE_SURROGATE = /\p{Surrogate}/u;
