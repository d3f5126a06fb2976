/** The errors of Bedrock Runtime that the stand-in answers with, and their HTTP status codes. */
export const ERROR_STATUS = {
  AccessDeniedException: 403,
  InternalServerException: 500,
  ModelErrorException: 424,
  ModelNotReadyException: 429,
  ModelTimeoutException: 408,
  RequestEntityTooLargeException: 413,
  ResourceNotFoundException: 404,
  SerializationException: 400,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  UnknownOperationException: 404,
  ValidationException: 400,
} as const;

export type ErrorType = keyof typeof ERROR_STATUS;

/** An answer that is an error: its type goes into the header x-amzn-ErrorType, its message into the body. */
export class BedrockError extends Error {
  override readonly name = 'BedrockError';
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

/** A request that Bedrock accepts and the model refuses: Bedrock hands on what the model said. */
export function modelRefusal(message: string): BedrockError {
  return new BedrockError('ValidationException', `The model returned the following errors: ${message}`);
}

/** A quota of the minute is used up, in the words of public reports of live calls. */
export function throttled(quota: 'requests' | 'tokens'): BedrockError {
  return new BedrockError('ThrottlingException', `Too many ${quota}, please wait before trying again.`);
}
