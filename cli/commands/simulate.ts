import { writeFileSync } from 'node:fs';
import type { SimulateOptions } from '../arguments/simulate.ts';
import { EXIT } from '../exit-codes.ts';
import type { Writer } from '../log/writer.ts';
import { drawChart } from '../simulation/chart.ts';
import { planConcurrency } from '../simulation/plan-concurrency.ts';
import { wordChoice, wordHead, wordOutcome, wordWorkload } from '../simulation/report.ts';

export interface SimulateIo {
  readonly stdout: Writer;
  readonly stderr: Writer;
}

/** Simulates a batch at each concurrency and says which one to run with. Returns the exit code. */
export function simulateBatch(options: SimulateOptions, { stdout, stderr }: SimulateIo): number {
  const { workload, concurrencies, isJson, chartFile } = options;
  const print = (text: string) => isJson || stdout.write(text);
  print(wordWorkload(workload) + wordHead());
  const plan = planConcurrency(workload, {
    concurrencies,
    isThorough: true,
    onOutcome: (outcome) => print(wordOutcome(outcome)),
  });
  print(wordChoice(plan.recommended));
  if (isJson) stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
  if (chartFile === undefined) return EXIT.answered;
  try {
    writeFileSync(chartFile, drawChart(plan));
    return EXIT.answered;
  } catch (error) {
    stderr.write(`--chart: ${chartFile} cannot be written (${(error as NodeJS.ErrnoException).code})\n`);
    return EXIT.failed;
  }
}
