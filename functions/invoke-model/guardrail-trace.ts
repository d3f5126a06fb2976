import type { ConverseCommandOutput, GuardrailAssessment } from '@aws-sdk/client-bedrock-runtime';

/**
 * The policies of a guardrail that blocked or changed something, such as `topic Investments`; nothing of what they were
 * applied to. Empty when the guardrail's trace is off.
 */
export function interveningPolicies(trace: ConverseCommandOutput['trace']): string[] {
  const { inputAssessment = {}, outputAssessments = {} } = trace?.guardrail ?? {};
  const assessments = [...Object.values(inputAssessment), ...Object.values(outputAssessments).flat()];
  return [...new Set(assessments.flatMap(policiesOf))];
}

function policiesOf(assessment: GuardrailAssessment): string[] {
  const { topicPolicy, contentPolicy, wordPolicy, sensitiveInformationPolicy, contextualGroundingPolicy } = assessment;
  return [
    ...named('topic', topicPolicy?.topics, ({ name }) => name),
    ...named('content filter', contentPolicy?.filters, ({ type }) => type),
    // What it matched is the text itself.
    ...named('custom word', wordPolicy?.customWords, () => ''),
    ...named('word list', wordPolicy?.managedWordLists, ({ type }) => type),
    ...named('sensitive information', sensitiveInformationPolicy?.piiEntities, ({ type }) => type),
    ...named('sensitive information', sensitiveInformationPolicy?.regexes, ({ name }) => name),
    ...named('contextual grounding', contextualGroundingPolicy?.filters, ({ type }) => type),
  ];
}

/** Bedrock lists policies that only detect, too: their action is NONE. */
function named<Match extends { action: string | undefined }>(
  policy: string,
  matches: readonly Match[] = [],
  nameOf: (match: Match) => string | undefined,
): string[] {
  const acting = matches.filter(({ action }) => action !== 'NONE');
  return acting.map((match) => `${policy} ${nameOf(match) ?? ''}`.trim());
}
