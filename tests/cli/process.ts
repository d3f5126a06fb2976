import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The command line, as words. */
export const CLI = [process.execPath, resolve(ROOT, 'cli/start.mjs'), 'main'];

export interface CliOptions {
  /** Where logs/ and .env are. */
  cwd: string;
  /** All of its environment besides PATH. */
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  /** Which command of cli/; by default that of `npm start`. */
  entry?: 'main' | 'dev' | 'send' | 'doctor' | 'console' | 'batch';
  /** Sends Ctrl-C as often as the error output holds one of these for the first time. */
  interruptAt?: string[];
}

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a process, as `npm start` does. */
export async function runCliUnmasked(
  args: string[],
  { cwd, env, stdin = '', interruptAt = [], entry = 'main' }: CliOptions,
): Promise<CliResult> {
  const [node = '', start = ''] = CLI;
  const child = spawn(node, [start, entry, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true', ...env },
  });
  let [stdout, stderr] = ['', ''];
  const waits = [...interruptAt];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (waits[0] === undefined || !stderr.includes(waits[0])) return;
    waits.shift();
    child.kill('SIGINT');
  });
  child.stdin.end(stdin);
  const code = await new Promise<number | null>((done) => {
    child.on('close', done);
  });
  return { code, stdout, stderr };
}

/** Times, ids and costs in the output are masked. */
export async function runCli(args: string[], options: CliOptions): Promise<CliResult> {
  const { code, stdout, stderr } = await runCliUnmasked(args, options);
  return { code, stdout: mask(stdout), stderr: mask(stderr) };
}

/** Whether a model is near its end of life depends on the day. */
const WARNING = /^\[INFO TIME\] Warning: .*\n/gm;

export function mask(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}/g, 'TIME')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(WARNING, '')
    .replace(/(?<=\[INFO TIME\] Estimated cost: )\$\d\.\d{6} \(model .*, Step Functions .*, Lambda .*\)$/gm, 'COST');
}

/** The line after each answer: how long Lambda takes, which is a part of it, is never the same. */
export const COST = '[INFO TIME] Estimated cost: COST\n';

export const NOTICE =
  '[INFO TIME] A stand-in for Amazon Bedrock answers, no model is asked; --bedrock aws uses the real service\n';

/** What the stand-in answers to "hi". */
export const HELLO =
  '[stand-in, no model was asked] Hello! I stand in for a model on this machine. Ask me for a joke, or send the prompt you have in mind.';
