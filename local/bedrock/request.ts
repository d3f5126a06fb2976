import { BedrockError } from './errors.ts';

/** The parts of a Converse request that the stand-in reads; content that is no text is accepted and passed over. */
export interface ConverseRequest {
  readonly messages: readonly Message[];
  readonly system: readonly Block[];
  readonly inferenceConfig: InferenceConfig;
  readonly additionalModelRequestFields: Record<string, unknown>;
  readonly guardrailConfig: GuardrailConfig | undefined;
  readonly serviceTier: string | undefined;
}

export interface GuardrailConfig {
  readonly guardrailIdentifier?: string;
  readonly guardrailVersion?: string;
  readonly trace?: string;
}

export interface CachePoint {
  readonly ttl?: '5m' | '1h';
}

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Block[];
}

export interface Block {
  readonly text?: string;
  readonly cachePoint?: CachePoint;
}

export interface InferenceConfig {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stopSequences?: readonly string[];
}

/**
 * Reads the body of a Converse request.
 * @throws BedrockError SerializationException when it is not JSON or a member has the wrong type,
 * ValidationException when a value breaks a constraint that holds for every model
 */
export function parseConverseRequest(body: string): ConverseRequest {
  const root = object(parseJson(body), 'the body');
  const constraints: string[] = [];
  const request = {
    messages: list(root['messages'], 'messages').map((item, index) => parseMessage(item, index, constraints)),
    system: list(root['system'], 'system').map((item, index) => parseBlock(item, `system.${index}`, constraints)),
    inferenceConfig: parseInferenceConfig(root['inferenceConfig'], constraints),
    additionalModelRequestFields: object(root['additionalModelRequestFields'] ?? {}, 'additionalModelRequestFields'),
    guardrailConfig: parseGuardrailConfig(root['guardrailConfig'], constraints),
    serviceTier:
      root['serviceTier'] == null ? undefined : text(object(root['serviceTier'], 'serviceTier'), 'serviceTier', 'type'),
  };
  if (constraints.length > 0) {
    const count = `${constraints.length} validation error${constraints.length === 1 ? '' : 's'} detected`;
    throw new BedrockError('ValidationException', `${count}: ${constraints.join('; ')}`);
  }
  return request;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BedrockError('SerializationException', 'The body of the request is not valid JSON.');
  }
}

function parseMessage(item: unknown, index: number, constraints: string[]): Message {
  const path = `messages.${index}`;
  const { role, content } = object(item, path);
  // In the text of a constraint AWS counts list members from 1.
  const member = `messages.${index + 1}.member`;
  if (role !== 'user' && role !== 'assistant') {
    const rule = role == null ? 'Member must not be null' : 'Member must satisfy enum value set: [user, assistant]';
    constraints.push(violation(role ?? null, `${member}.role`, rule));
  }
  if (content == null) constraints.push(violation(null, `${member}.content`, 'Member must not be null'));
  const blocks = list(content, `${path}.content`).map((block, at) =>
    parseBlock(block, `${path}.content.${at}`, constraints),
  );
  return { role: role === 'assistant' ? 'assistant' : 'user', content: blocks };
}

function parseBlock(item: unknown, path: string, constraints: string[]): Block {
  const block = object(item, path);
  const value = text(block, path, 'text');
  const cachePoint = block['cachePoint'];
  return {
    ...(value !== undefined && { text: value }),
    ...(cachePoint != null && { cachePoint: parseCachePoint(cachePoint, `${path}.cachePoint`, constraints) }),
  };
}

function parseCachePoint(value: unknown, path: string, constraints: string[]): CachePoint {
  const point = object(value, path);
  const [type, ttl] = [text(point, path, 'type'), text(point, path, 'ttl')];
  constraints.push(...outOfSet(type ?? null, `${path}.type`, ['default']));
  if (ttl !== undefined) constraints.push(...outOfSet(ttl, `${path}.ttl`, ['5m', '1h']));
  return ttl === '5m' || ttl === '1h' ? { ttl } : {};
}

/** The patterns of Bedrock's service model, bedrock-runtime 2023-09-30, GuardrailConfiguration. */
const GUARDRAIL_PATTERNS = {
  guardrailIdentifier: '(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))',
  guardrailVersion: '(|([1-9][0-9]{0,7})|(DRAFT))',
} as const;

function parseGuardrailConfig(value: unknown, constraints: string[]): GuardrailConfig | undefined {
  if (value == null) return undefined;
  const path = 'guardrailConfig';
  const config = object(value, path);
  const fields = (Object.keys(GUARDRAIL_PATTERNS) as (keyof typeof GUARDRAIL_PATTERNS)[]).flatMap((name) => {
    const found = text(config, path, name);
    if (found === undefined) return [];
    const pattern = GUARDRAIL_PATTERNS[name];
    if (!new RegExp(`^${pattern}$`).test(found)) {
      constraints.push(
        violation(found, `${path}.${name}`, `Member must satisfy regular expression pattern: ${pattern}`),
      );
    }
    return [[name, found]];
  });
  const trace = text(config, path, 'trace');
  if (trace !== undefined)
    constraints.push(...outOfSet(trace, `${path}.trace`, ['enabled', 'disabled', 'enabled_full']));
  return { ...Object.fromEntries(fields), ...(trace !== undefined && { trace }) };
}

function text(parent: Record<string, unknown>, path: string, name: string): string | undefined {
  const value = parent[name];
  if (value == null) return undefined;
  if (typeof value !== 'string') throw wrongType(`${path}.${name}`, 'a string');
  return value;
}

function outOfSet(value: string | null, path: string, allowed: readonly string[]): string[] {
  if (value !== null && allowed.includes(value)) return [];
  const rule =
    value === null ? 'Member must not be null' : `Member must satisfy enum value set: [${allowed.join(', ')}]`;
  return [violation(value, path, rule)];
}

function parseInferenceConfig(value: unknown, constraints: string[]): InferenceConfig {
  const config = object(value ?? {}, 'inferenceConfig');
  const number = (name: string, min: number, max: number, kind: 'float' | 'integer') => {
    const given = config[name];
    if (given == null) return {};
    const path = `inferenceConfig.${name}`;
    if (typeof given !== 'number' || (kind === 'integer' && !Number.isInteger(given))) {
      throw wrongType(path, kind === 'integer' ? 'an integer' : 'a number');
    }
    // AWS writes a float with at least one decimal.
    const written = kind === 'float' && Number.isInteger(given) ? given.toFixed(1) : String(given);
    if (given < min)
      constraints.push(violation(written, path, `Member must have value greater than or equal to ${min}`));
    if (given > max) constraints.push(violation(written, path, `Member must have value less than or equal to ${max}`));
    return { [name]: given };
  };
  return {
    ...number('maxTokens', 1, Number.POSITIVE_INFINITY, 'integer'),
    ...number('temperature', 0, 1, 'float'),
    ...number('topP', 0, 1, 'float'),
    ...parseStopSequences(config['stopSequences'], constraints),
  };
}

function parseStopSequences(value: unknown, constraints: string[]): Pick<InferenceConfig, 'stopSequences'> {
  if (value == null) return {};
  const path = 'inferenceConfig.stopSequences';
  const stopSequences = list(value, path).map((item, index) => {
    if (typeof item !== 'string') throw wrongType(`${path}.${index}`, 'a string');
    return item;
  });
  if (stopSequences.includes('')) {
    const rule = 'Member must satisfy constraint: [Member must have length greater than or equal to 1]';
    constraints.push(violation(`[${stopSequences.join(', ')}]`, path, rule));
  }
  return { stopSequences };
}

function violation(value: unknown, path: string, rule: string): string {
  const found = value === null ? 'null' : `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
  return `Value ${found} at '${path}' failed to satisfy constraint: ${rule}`;
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(path, 'an object');
  return value as Record<string, unknown>;
}

function list(value: unknown, path: string): unknown[] {
  if (value == null) return [];
  if (!Array.isArray(value)) throw wrongType(path, 'a list');
  return value;
}

function wrongType(path: string, expected: string): BedrockError {
  return new BedrockError('SerializationException', `Unexpected type at ${path}: expected ${expected}.`);
}
