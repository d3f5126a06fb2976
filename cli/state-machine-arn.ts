/** With or without a version or an alias at its end. */
const STATE_MACHINE_ARN = /^arn:aws[\w-]*:states:([a-z0-9-]+):\d{12}:stateMachine:[^\s:]+(?::[^\s:]+)?$/;

/** The Region that the ARN of a state machine names; undefined for a text that is no such ARN. */
export function regionOfStateMachine(arn: string): string | undefined {
  return STATE_MACHINE_ARN.exec(arn)?.[1];
}
