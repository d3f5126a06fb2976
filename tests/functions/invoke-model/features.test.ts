import type { GuardrailTraceAssessment } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from '@jest/globals';
import { shapeRequest } from '../../../functions/invoke-model/converse-input.ts';
import { interveningPolicies } from '../../../functions/invoke-model/guardrail-trace.ts';
import type { PipelineRequest } from '../../../functions/shared/contract.ts';
import type { ModelFeatures } from '../../../functions/shared/model-settings.ts';
import { findModel, type ModelEntry } from '../../../functions/shared/models.ts';
import { NO_FEATURES } from '../../support/settings.ts';
import { HAIKU_4, HAIKU_5, REQUEST } from './events.ts';

function shape(modelId: string, features: Partial<ModelFeatures>, request: Partial<typeof REQUEST> = {}) {
  const entry = findModel(modelId) as ModelEntry;
  return shapeRequest(entry, { ...REQUEST, ...request }, { ...NO_FEATURES, ...features });
}

const CACHE_POINT = { cachePoint: { type: 'default' } };

describe('a guardrail', () => {
  const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '3' };

  test('goes with every request, its trace off unless asked for', () => {
    expect(shape(HAIKU_5, { guardrail }).input.guardrailConfig).toEqual({ ...guardrail, trace: 'disabled' });
    const traced = { ...guardrail, trace: 'enabled' } as const;
    expect(shape(HAIKU_5, { guardrail: traced }).input.guardrailConfig).toEqual(traced);
    expect(shape(HAIKU_5, {}).input).not.toHaveProperty('guardrailConfig');
  });

  test('that intervened is known by its policies, and not by what they matched', () => {
    const guardrailTrace: GuardrailTraceAssessment = {
      inputAssessment: {
        abc123: {
          topicPolicy: { topics: [{ name: 'Investments', type: 'DENY', action: 'BLOCKED' }] },
          contentPolicy: {
            filters: [
              { type: 'HATE', confidence: 'HIGH', action: 'BLOCKED' },
              { type: 'INSULTS', confidence: 'LOW', action: 'NONE' },
            ],
          },
          wordPolicy: {
            customWords: [{ match: 'secret', action: 'BLOCKED' }],
            managedWordLists: [{ match: 'damn', type: 'PROFANITY', action: 'BLOCKED' }],
          },
        },
      },
      outputAssessments: {
        abc123: [
          {
            sensitiveInformationPolicy: {
              piiEntities: [{ match: 'a@b.c', type: 'EMAIL', action: 'ANONYMIZED' }],
              regexes: [{ match: '4711', name: 'ticket', action: 'BLOCKED' }],
            },
            contextualGroundingPolicy: {
              filters: [{ type: 'GROUNDING', threshold: 0.5, score: 0.1, action: 'BLOCKED' }],
            },
          },
          { topicPolicy: { topics: [{ name: 'Investments', type: 'DENY', action: 'BLOCKED' }] } },
        ],
      },
    };
    expect(interveningPolicies({ guardrail: guardrailTrace })).toEqual([
      'topic Investments',
      'content filter HATE',
      'custom word',
      'word list PROFANITY',
      'sensitive information EMAIL',
      'sensitive information ticket',
      'contextual grounding GROUNDING',
    ]);
    expect(interveningPolicies(undefined)).toEqual([]);
  });
});

describe('prompt caching', () => {
  const promptCaching = true;
  const long = (bytes: number) => 'x'.repeat(bytes);
  const messages = (bytes: number): PipelineRequest['messages'] => [
    { role: 'user', content: long(bytes) },
    { role: 'assistant', content: 'Two' },
  ];

  test('puts a cache point behind a system prompt that may have the tokens that the model asks for', () => {
    expect(shape(HAIKU_5, { promptCaching }, { system: long(512) }).input.system).toEqual([
      { text: long(512) },
      CACHE_POINT,
    ]);
    expect(shape(HAIKU_5, { promptCaching }, { system: long(511) }).input.system).toEqual([{ text: long(511) }]);
    expect(shape(HAIKU_4, { promptCaching }, { system: long(4_095) }).input.system).toHaveLength(1);
    expect(shape(HAIKU_4, { promptCaching }, { system: long(4_096) }).input.system).toHaveLength(2);
  });

  test('puts one behind the earlier turns, counted with the system prompt, and none behind the prompt', () => {
    const { input } = shape(HAIKU_5, { promptCaching }, { system: long(300), messages: messages(209) });
    expect(input.system).toEqual([{ text: long(300) }]);
    expect(input.messages).toEqual([
      { role: 'user', content: [{ text: long(209) }] },
      { role: 'assistant', content: [{ text: 'Two' }, CACHE_POINT] },
      { role: 'user', content: [{ text: 'Tell me a joke' }] },
    ]);
    const shorter = shape(HAIKU_5, { promptCaching }, { system: long(300), messages: messages(208) });
    expect(JSON.stringify(shorter.input)).not.toContain('cachePoint');
  });

  test('is off unless asked for', () => {
    const { input } = shape(HAIKU_5, {}, { system: long(9_999), messages: messages(9_999) });
    expect(JSON.stringify(input)).not.toContain('cachePoint');
  });
});

describe('the service tier', () => {
  test('is asked for where the model offers it, and the default one never', () => {
    expect(shape(HAIKU_4, { serviceTier: 'flex' })).toMatchObject({
      input: { serviceTier: { type: 'flex' } },
      warnings: [],
    });
    expect(shape(HAIKU_4, {}).input).not.toHaveProperty('serviceTier');
  });

  test('is dropped with a warning where the model does not', () => {
    const { input, warnings } = shape(HAIKU_5, { serviceTier: 'priority' });
    expect(input).not.toHaveProperty('serviceTier');
    expect(warnings).toEqual([`service tier priority was dropped: ${HAIKU_5} does not offer it`]);
  });
});
