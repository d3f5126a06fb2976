/** Where the objects of a run are in the bucket of batches, by the name of its execution. */

export function promptsKey(name: string): string {
  return `prompts/${name}.jsonl`;
}

/** As batch.asl.json has it. */
export function resultsPrefix(name: string): string {
  return `results/${name}`;
}

/**
 * The manifests of a map run, the newest first. What a redrive writes has a prefix of its own, as AWS does it (aws-samples,
 * re:Invent 2023 API312: "You will find a new prefix Redrive-1/").
 */
export function manifestKeys(executionArn: string, mapRunArn: string, redriveCount: number): string[] {
  const prefix = `${resultsPrefix(nameOf(executionArn))}/${nameOf(mapRunArn)}`;
  const redrives = Array.from({ length: redriveCount }, (_, index) => `${prefix}/Redrive-${redriveCount - index}`);
  return [...redrives, prefix].map((folder) => `${folder}/manifest.json`);
}

/** The name at the end of an ARN. */
export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? '';
}
