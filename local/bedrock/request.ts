import { BedrockError } from './errors.ts';

/** The parts of a Converse request that the stand-in reads; content that is no text is accepted and passed over. */
export interface ConverseRequest {
  readonly messages: readonly Message[];
  readonly system: readonly Block[];
  readonly inferenceConfig: InferenceConfig;
  readonly additionalModelRequestFields: Record<string, unknown>;
}

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Block[];
}

export interface Block {
  readonly text?: string;
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
    system: list(root['system'], 'system').map((item, index) => parseBlock(item, `system.${index}`)),
    inferenceConfig: parseInferenceConfig(root['inferenceConfig'], constraints),
    additionalModelRequestFields: object(root['additionalModelRequestFields'] ?? {}, 'additionalModelRequestFields'),
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
  const blocks = list(content, `${path}.content`).map((block, at) => parseBlock(block, `${path}.content.${at}`));
  return { role: role === 'assistant' ? 'assistant' : 'user', content: blocks };
}

function parseBlock(item: unknown, path: string): Block {
  const { text } = object(item, path);
  if (text == null) return {};
  if (typeof text !== 'string') throw wrongType(`${path}.text`, 'a string');
  return { text };
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
