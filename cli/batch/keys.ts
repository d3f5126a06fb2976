/** Where the objects of a run are in the bucket of batches, by the name of its execution. */

export function promptsKey(name: string): string {
  return `prompts/${name}.jsonl`;
}

/** As batch.asl.json has it. */
export function resultsPrefix(name: string): string {
  return `results/${name}`;
}

export function manifestKey(executionArn: string, mapRunArn: string): string {
  return `${resultsPrefix(nameOf(executionArn))}/${nameOf(mapRunArn)}/manifest.json`;
}

/** The name at the end of an ARN. */
export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? '';
}
