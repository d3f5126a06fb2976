/** What is no part of a run: how it is asked for, and failures that were meant once. Those of the second kind have a value. */
const FLAGS = ['--resume', '--retry-failed'];
const FLAGS_WITH_VALUE = ['--fault', '--follow'];

/** The words of a call of `npm run batch`, as a shell takes them, to go on with its run by one more flag. */
export function repeatWords(argv: readonly string[]): string {
  const isValue = (index: number): boolean => FLAGS_WITH_VALUE.includes(argv[index - 1] ?? '');
  const isLeftOut = (word: string): boolean =>
    FLAGS.includes(word) || FLAGS_WITH_VALUE.some((flag) => word === flag || word.startsWith(`${flag}=`));
  const words = argv.filter((word, index) => !isLeftOut(word) && !isValue(index));
  return words.map(quoteWord).join(' ');
}

/** A word of a command as a shell takes it. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
