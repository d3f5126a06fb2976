import { createHash } from 'node:crypto';
import type { ConverseRequest } from './request.ts';

/** Every answer starts with it, so that the answer cannot pass for a model's, even when it is cut short. */
export const LABEL = '[stand-in, no model was asked]';

const JOKES = [
  'Why did the token feel lost? It had been taken out of context.',
  'A state machine walks into a bar. The bartender asks: "Succeed or Fail?" It says: "I have no other choice."',
  'I told my workflow a joke about retries. It did not laugh. Two seconds later it did not laugh again.',
  'Why did the Lambda function bring a blanket? It was afraid of another cold start.',
  'How many events does it take to change a light bulb? Two: one is delivered at least once, and so is the other.',
  'My model asked for more space. I gave it a million tokens, and it still cannot remember where it left its keys.',
  'Why did the timeout break up with the promise? It was tired of waiting for things to settle.',
  'What does a catcher say to a thrown error? "I will take it from here. You had your three attempts."',
  'There are two hard things in queues: 2. exactly-once delivery, 1. keeping the order, 2. exactly-once delivery.',
  'Why do exponential backoffs make poor comedians? The pause before each punchline keeps getting longer.',
];

/** As much of the prompt as the answer repeats. */
const QUOTED_CHARACTERS = 60;

/** What the stand-in "thinks" before an answer, for models that think. */
export const REASONING = '[stand-in] A real model would reason here. I only looked at the words of the prompt.';

/** A friendly answer that depends on the request alone: the same request gets the same answer. */
export function answerText(request: ConverseRequest): string {
  const prompt = textOf(request.messages.findLast(({ role }) => role === 'user')?.content ?? []);
  const sentences = [LABEL, reply(prompt), acknowledgement(textOf(request.system), request.messages.length - 1)];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function reply(prompt: string): string {
  const words = wordsOf(prompt);
  if (/\bjokes?\b|\bfunny\b|\blaugh\b/i.test(prompt)) {
    const hash = createHash('sha256').update(prompt).digest().readUInt32BE();
    return JOKES[hash % JOKES.length] ?? '';
  }
  if (/^(hi|hey|hello|good (morning|day|evening))\b/i.test(words.join(' ')) && words.length <= 3) {
    return 'Hello! I stand in for a model on this machine. Ask me for a joke, or send the prompt you have in mind.';
  }
  const quoted = shorten(words.join(' '));
  return (
    `Your prompt of ${counted(words.length, 'word')} arrived whole: "${quoted}". ` +
    'A real model would answer it; I can only tell you that it got through.'
  );
}

function acknowledgement(system: string, earlierTurns: number): string {
  const parts = [
    ...(system === '' ? [] : [`a system prompt of ${counted(wordsOf(system).length, 'word')}`]),
    ...(earlierTurns === 0 ? [] : [`${counted(earlierTurns, 'earlier turn')}`]),
  ];
  return parts.length === 0 ? '' : `(It came with ${parts.join(' and ')}.)`;
}

function textOf(blocks: readonly { readonly text?: string }[]): string {
  return blocks.flatMap(({ text }) => text ?? []).join('\n');
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function shorten(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= QUOTED_CHARACTERS) return text;
  return `${characters.slice(0, QUOTED_CHARACTERS).join('').trimEnd()}…`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
