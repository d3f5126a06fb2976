declare module 'asl-validator' {
  /** Checks a definition against the schema of the States Language. */
  export default function validate(
    definition: unknown,
    options?: { checkArn?: boolean },
  ): { isValid: boolean; errors: unknown[]; errorsText(): string };
}
