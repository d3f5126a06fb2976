import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { plainName } from './names.ts';
import type { Schema } from './values.ts';

/** The user's own client of a service, bound to one endpoint. */
export interface ServiceClient {
  /** As the service's model has it: `DynamoDB`. */
  readonly serviceId: string;
  /** The action by its name in ASL, `getItem`; undefined where the service has none. Throws an Error for an old package. */
  findAction(name: string): ServiceAction | undefined;
}

export interface ServiceAction {
  readonly input: Schema;
  readonly output: Schema;
  /** Rejects with what the service or the network says. */
  send(input: unknown, signal: AbortSignal): Promise<ServiceAnswer>;
}

export interface ServiceAnswer {
  readonly output: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is used of the packages, whichever their version. */
interface Command {
  readonly schema?: readonly [number, string, string, unknown, input: () => unknown, output: () => unknown];
}
interface Client {
  readonly config: { readonly serviceId: string };
  readonly middlewareStack: { add(middleware: Middleware, options: object): void };
  send(command: Command, options: object): Promise<unknown>;
}
interface HttpMessage {
  readonly hostname: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}
interface Handled {
  readonly response: HttpMessage;
}
type Middleware = (
  next: (args: { request: HttpMessage }) => Promise<Handled>,
) => (args: { request: HttpMessage }) => Promise<Handled>;
type Module = Readonly<Record<string, new (options: object) => unknown>>;

/** The package of a service's client that is installed for `folder`: `@aws-sdk/client-bedrock-runtime`. */
export function findPackage(folder: string, service: string): string | undefined {
  for (let place = folder; ; place = dirname(place)) {
    const scope = join(place, 'node_modules', '@aws-sdk');
    const names = existsSync(scope) ? readdirSync(scope) : [];
    const found = names.find((name) => name.startsWith('client-') && plainName(name.slice(7)) === service);
    if (found !== undefined) return `@aws-sdk/${found}`;
    if (place === dirname(place)) return undefined;
  }
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How a client is made. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** Loads the package for `folder`. */
export function createClient(folder: string, name: string, options: ClientOptions): ServiceClient {
  const require = createRequire(join(folder, 'package.json'));
  const module = require(name) as Module;
  const { NormalizedSchema } = createRequire(require.resolve(name))('@smithy/core/schema') as {
    NormalizedSchema: { of(schema: unknown): Schema };
  };
  const [, Constructor] = Object.entries(module).find(([key]) => /^[A-Z].*Client$/.test(key)) ?? [];
  if (!Constructor) throw new Error(`${name} exports no client`);
  const client = new Constructor({ ...options, ...FIXED_OPTIONS }) as Client;
  const { hostname } = new URL(options.endpoint);
  // Whatever a parameter says, nobody else is called.
  client.middlewareStack.add(
    (next) => async (args) => {
      if (args.request.hostname === hostname) return next(args);
      throw new Error(`The request is for ${args.request.hostname}, allowed is ${hostname}`);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  return {
    serviceId: client.config.serviceId,
    findAction(action) {
      const wanted = `${action}Command`.toLowerCase();
      const [, CommandOf] = Object.entries(module).find(([key]) => key.toLowerCase() === wanted) ?? [];
      if (!CommandOf) return undefined;
      const { schema } = new CommandOf({}) as Command;
      if (!schema) throw new Error(`${name} is too old, a version of 2026 is needed`);
      return {
        input: NormalizedSchema.of(schema[4]()),
        output: NormalizedSchema.of(schema[5]()),
        send: (input, signal) => send(client, new CommandOf(input as object) as Command, signal),
      };
    },
  };
}

const FIXED_OPTIONS = {
  maxAttempts: 1, // Retry decides
  forcePathStyle: true,
  disableHostPrefix: true,
  useQueueUrlAsEndpoint: false,
};

async function send(client: Client, command: Command, abortSignal: AbortSignal): Promise<ServiceAnswer> {
  let answered: HttpMessage | undefined;
  const stack = (command as unknown as Client).middlewareStack;
  stack.add(
    (next) => async (args) => {
      const handled = await next(args);
      answered = handled.response;
      return handled;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const output = await client.send(command, { abortSignal });
  return { output, status: answered?.statusCode ?? 200, headers: answered?.headers ?? {} };
}
