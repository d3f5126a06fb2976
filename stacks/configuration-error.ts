/** The deployment was configured wrongly; the message is the one line that its user reads. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
