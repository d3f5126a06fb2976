import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What was sent to a queue, with the names of the SQS API. */
export interface Message {
  readonly MessageId: string;
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, string>>;
}

/** Queues that can only be sent to. */
export interface Queues {
  /** Resolves when the message is kept. `queue` is the name alone. */
  send(queue: string, message: Message): Promise<void>;
}

/** A queue is a folder, with a JSON file for each message; `report` is told of every one, in one line. */
export function createQueueFolder(folder: string, report: (line: string) => void): Queues {
  return {
    async send(queue, message) {
      const file = join(folder, queue, `${message.MessageId}.json`);
      await mkdir(join(folder, queue), { recursive: true });
      // Renamed into place: whoever reads the folder finds whole messages only.
      await writeFile(`${file}.part`, `${JSON.stringify(message, null, 2)}\n`, { flush: true });
      await rename(`${file}.part`, file);
      report(`Message ${message.MessageId} in queue ${queue}: ${file}`);
    },
  };
}

/** Keeps nothing: `report` is told the whole message, in one line. */
export function createQueueReport(report: (line: string) => void): Queues {
  return { send: async (queue, message) => report(`Message in queue ${queue}: ${JSON.stringify(message)}`) };
}
