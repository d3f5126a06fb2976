/**
 * A name as version 2 of AWS's SDK for Java has it, whose names the `aws-sdk` integrations show: `DynamoDB` ->
 * `DynamoDb`, `MD5OfBody` -> `Md5OfBody` (aws/aws-sdk-java-v2: CodegenNamingUtils.splitOnWordBoundaries, and its
 * DynamoDB model, where NULL is `nul`).
 */
export function javaName(name: string): string {
  if (name === 'NULL') return 'Nul';
  return name
    .replaceAll(/[^A-Za-z\d]+/g, ' ')
    .replaceAll(/([^a-z]{2,})v(\d+)/g, '$1 v$2 ')
    .replaceAll(/([^A-Z]{2,})V(\d+)/g, '$1 V$2 ')
    .replaceAll(/(?<=[a-z])(?=[A-Z][A-Za-z\d])/g, ' ')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/(\d)([A-Za-z])/g, '$1 $2')
    .split(' ')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`)
    .join('');
}

/** Names that differ in nothing but their writing are the same: `BedrockRuntime`, `bedrock-runtime`, `BEDROCK_RUNTIME`. */
export function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z\d]/g, '').toLowerCase();
}
