/** An event pattern that AWS refuses; the message is the reason that AWS gives. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}
