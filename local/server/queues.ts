export const QUEUE_ARN = /^arn:[^:]+:sqs:[^:]*:\d*:([\w-]{1,80}(?:\.fifo)?)$/;

/** `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME` */
const QUEUE_URL = /^https?:\/\/[^/]+\/\d+\/([\w-]{1,80}(?:\.fifo)?)$/;

/** The name in a queue's ARN or URL; undefined where it is neither. */
export function queueNameOf(arnOrUrl: unknown): string | undefined {
  const [, name] = QUEUE_ARN.exec(String(arnOrUrl)) ?? QUEUE_URL.exec(String(arnOrUrl)) ?? [];
  return name;
}
