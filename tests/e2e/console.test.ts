import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { type ConsoleOptions, parseConsoleArguments } from '../../cli/arguments/console.ts';
import { serveConsole } from '../../cli/commands/console.ts';
import { CHROMIUM, findViolations, launch } from './browser.ts';
import { type ConsoleEndpoint, HOSTILE, openConsoleEndpoint } from './console-endpoint.ts';

// A browser on a busy machine takes its time.
jest.setTimeout(120_000);

if (!CHROMIUM) process.stderr.write('No chromium on PATH: the tests of the console in a browser are skipped\n');

/** Where the README's pictures are put, if that is asked for. */
const PICTURES = process.env['CONSOLE_PICTURES'];

const path = (arn: string, query = ''): string => `/executions/${encodeURIComponent(arn)}${query}`;
const machinePath = (name: string, query = ''): string =>
  `/state-machines/${encodeURIComponent(`arn:aws:states:us-east-1:123456789012:stateMachine:${name}`)}${query}`;

/** What a person reads there, on one line. */
async function textOf(place: Locator): Promise<string> {
  return (await place.allInnerTexts()).join(' ').replace(/\s+/g, ' ');
}

(CHROMIUM ? describe : describe.skip)('the console in a browser', () => {
  let endpoint: ConsoleEndpoint;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const arns: Record<string, string> = {};
  /** What a page must never do. */
  const offences: string[] = [];

  async function openPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(60_000);
    const opened = await context.newPage();
    opened.on('request', (request) => {
      const isOwn = request.url().startsWith(endpoint.url) || /^(data|blob):/.test(request.url());
      if (!isOwn) offences.push(`asked ${request.url()}`);
    });
    opened.on('pageerror', (error) => offences.push(`threw ${error.message}`));
    opened.on('console', (message) => {
      if (message.type() === 'error') offences.push(`complained ${message.text()}`);
    });
    opened.on('dialog', (dialog) => offences.push(`said ${dialog.message()}`));
    return opened;
  }

  beforeAll(async () => {
    endpoint = await openConsoleEndpoint(['ThrottlingException:6', 'DailyQuota', 'ModelTimeoutException:2']);
    arns['exhausted'] = await endpoint.run('pipeline', 'exhausted', { prompt: 'Tell me a joke' });
    arns['quota'] = await endpoint.run('pipeline', 'quota', { prompt: 'Tell me a joke' });
    arns['retried'] = await endpoint.run('pipeline', 'retried', { prompt: HOSTILE });
    arns['numbers'] = await endpoint.run('numbers', 'numbers', [2, 3, 4]);
    arns['batch'] = await endpoint.run('batch', 'batch', [2, 3, 4, 6]);
    arns['parent'] = await endpoint.run('parent', 'parent', {});
    browser = await launch();
    page = await openPage();
  });
  afterAll(async () => {
    await browser?.close();
    await endpoint?.close();
  });

  const goto = (where: string): Promise<unknown> => page.goto(endpoint.url + where);
  /** As by a link: the page is not loaded again. */
  const moveTo = (where: string): Promise<unknown> =>
    page.evaluate(
      `history.pushState(null, '', ${JSON.stringify(where)}); dispatchEvent(new PopStateEvent('popstate'))`,
    );
  const state = (name: string): Locator =>
    page.locator('.state').filter({ has: page.locator('title', { hasText: new RegExp(`^${name}`) }) });
  const label = async (name: string): Promise<string | undefined> =>
    (await state(name).locator('title').textContent())?.split('\n')[0];
  const panel = () =>
    page.getByRole('region', { name: 'Split panel' }).or(page.locator('[class*=split-panel]').first());

  test('from the list of machines to an execution that was started there', async () => {
    await goto('/');
    await page.getByRole('link', { name: 'pipeline', exact: true }).click();
    await page.getByRole('button', { name: 'Start execution' }).click();
    await page.getByLabel('Input', { exact: true }).fill('{"prompt": "Hi",}');
    await page
      .getByText(
        "Line 1, column 18: Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
      )
      .waitFor();
    expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('Input', { exact: true }).fill('{"prompt": "Hi"}');
    await page.getByLabel('Name', { exact: true }).fill('by-hand');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/\/executions\/.*by-hand$/);
    await page.getByRole('heading', { name: /by-hand/ }).waitFor();
    // The page looks again by itself until it has ended.
    await page.locator('.mark.taken >> nth=1').waitFor();
    expect(await label('InvokeModel')).toBe('InvokeModel, Task, Succeeded');
  });

  test('a failed execution says where, why, what was tried and what to do, above all', async () => {
    await goto(path(arns['exhausted'] ?? ''));
    await page.getByText('The execution failed: ThrottlingException, in InvokeModel, attempt 3 of 3').waitFor();
    const card = page.locator('[class*=alert]').first();
    const text = await textOf(card);
    expect(text).toContain('Too many requests, please wait before trying again.');
    expect(text).toContain('What to do: Fewer requests at a time, a second profile in the chain, or a quota increase');
    expect(text).toContain('What was tried: 6 failed attempts');
    expect(text).toMatch(
      /\[global\.anthropic\.claude-haiku-5-5\] at [\d:.]+: ThrottlingException 3 times .* retried after .* caught, on to NextModel/,
    );
    expect(text).toContain('A redrive would go on in PipelineFailed, a Fail state, and fail again at once.');
    expect(await label('InvokeModel')).toBe('InvokeModel, Task · ×2 · 4 retries, Caught error');
    expect(await page.getByRole('button', { name: 'Redrive' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Start again with the same input' }).click();
    expect(await page.getByLabel('Input', { exact: true }).inputValue()).toBe('{\n  "prompt": "Tell me a joke"\n}');
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  test('a link opens exactly what it was copied from', async () => {
    await goto(path(arns['numbers'] ?? ''));
    await state('Each').waitFor();
    await page.getByRole('button', { name: /Items of Each/ }).click();
    await page.getByRole('option', { name: /Item 1/ }).click();
    await state('Check').click();
    await page.getByRole('tab', { name: 'Attempts (2)' }).click();
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('tab', { name: 'Attempts (2)', selected: true }).waitFor();
    expect(await label('Check')).toBe('Check, Task · 1 retry, Failed');
    const text = await textOf(panel());
    expect(text).toContain('Retried after 1 s by Retry[0].');
    expect(text).toContain('Odd');
  });

  test('hostile prompts, causes and names of states are text', async () => {
    await goto(path(arns['numbers'] ?? ''));
    await state('Each').waitFor();
    expect(await page.locator('.state title').last().textContent()).toContain(HOSTILE);
    for (const query of [
      '?tab=events',
      '?tab=states',
      '?tab=timeline',
      '?tab=data',
      '?item.Each=1&state=Check&view=attempts',
    ]) {
      await goto(path(arns['numbers'] ?? '', query));
      await page.getByRole('heading', { name: 'numbers' }).first().waitFor();
    }
    await page.getByText(`3 is odd: ${HOSTILE}`).first().waitFor();
    await goto(path(arns['retried'] ?? '', '?tab=log'));
    await page.getByRole('button', { name: 'Received prompt' }).click();
    await page.getByText(JSON.stringify(HOSTILE)).first().waitFor();
    expect(await page.title()).toBe('retried · Step Functions');
    expect(await page.locator('img').count()).toBe(0);
  });

  test('the history is downloaded as the API answers it', async () => {
    await goto(path(arns['retried'] ?? '', '?tab=events'));
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download history' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('retried-history.json');
    const { events } = JSON.parse(await readFile((await download.path()) ?? '', 'utf8'));
    const recorded = await endpoint.sfn.getExecutionHistory({ executionArn: arns['retried'] ?? '', maxResults: 1000 });
    expect(events.map(({ id, type }: { id: number; type: string }) => [id, type])).toEqual(
      recorded.events?.map(({ id, type }) => [id, type]),
    );
  });

  test('the graph is exported as a picture', async () => {
    await goto(path(arns['retried'] ?? ''));
    await state('InvokeModel').waitFor();
    for (const [item, start] of [
      ['Export as SVG', '<svg'],
      ['Export as PNG', '\u0089PNG'],
    ] as const) {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export the graph' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      const download = await waiting;
      const contents = await readFile((await download.path()) ?? '', 'latin1');
      expect(contents.slice(0, 4)).toBe(start);
      expect(contents.length).toBeGreaterThan(2000);
    }
  });

  test('an execution that runs moves, and can be stopped', async () => {
    const arn = await endpoint.run('slow', 'slow', {});
    await goto(path(arn));
    await page.locator('.state.running').waitFor();
    endpoint.finishSlow();
    await page.locator('.state.succeeded').waitFor();
    const second = await endpoint.run('slow', 'stopped', {});
    await goto(path(second));
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByLabel('Cause').fill('Not needed');
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('The execution was stopped, in Slow').waitFor();
    await page.getByText('Not needed').first().waitFor();
    expect(await label('Slow')).toBe('Slow, Task, Aborted');
    await page.getByRole('button', { name: 'Redrive' }).click();
    await page.locator('.state.running').waitFor();
    endpoint.finishSlow();
    await page.locator('.state.succeeded').waitFor();
  });

  test('a map run counts its children over time, and each that failed can be opened', async () => {
    await goto(path(arns['batch'] ?? ''));
    await state('Run').waitFor();
    expect(await label('Check')).toBe('Check, Task · in child executions');
    await page.getByRole('link', { name: 'Its child executions' }).click();
    await page.getByRole('heading', { name: 'Executions that ended' }).waitFor();
    expect(await textOf(page.locator('main'))).toMatch(
      /Items 4: 3 succeeded, 1 failed Executions 4: 3 succeeded, 1 failed Throughput [\d,.]+ a second/,
    );
    await page.getByRole('link', { name: '1 failed' }).click();
    await page.getByText('Executions (1)').waitFor();
    await page.locator('tbody a').click();
    await page.getByText('The execution failed: Odd, in Check, attempt 1: no Retry covers this error').waitFor();
    await page.getByText('Child of map run').waitFor();
    expect(await page.getByRole('button', { name: /New execution|Start again/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'batch', exact: true }).click();
    await page.getByRole('button', { name: 'Start execution' }).waitFor();
  });

  test('a failed execution leads to the one that it waited for', async () => {
    await goto(path(arns['parent'] ?? ''));
    await page.getByText('The execution failed: States.TaskFailed, in Start').waitFor();
    await page.getByRole('link', { name: 'The execution that it started' }).click();
    await page.getByRole('heading', { name: 'started' }).first().waitFor();
  });

  test('what no address is, no execution and no machine, is said', async () => {
    await goto('/state-machines/%zz');
    await page.getByText('There is no such page.').waitFor();
    await goto(machinePath('nothing'));
    await page.getByText('The state machine cannot be shown: StateMachineDoesNotExist').waitFor();
    expect(await page.getByRole('button', { name: 'Start execution' }).count()).toBe(0);
    await goto(machinePath('express'));
    await page.getByText('aws stepfunctions start-sync-execution').waitFor();
    expect(await page.getByRole('button', { name: 'Start execution' }).count()).toBe(0);
    // A page that cannot be shown asked for what is not there.
    offences.splice(0, offences.length, ...offences.filter((text) => !text.includes('status of 400')));
  });

  test('the dashboard counts what the functions logged, and links to what failed', async () => {
    await goto('/dashboard');
    await page.getByRole('heading', { name: 'Errors' }).waitFor();
    const text = await textOf(page.locator('main'));
    expect(text).toMatch(/Prompts \d+ Success rate \d+(\.\d)? % Retries \d+ Fallbacks \d+/);
    await page.getByRole('link', { name: 'exhausted' }).click();
    await page.getByText('The execution failed: ThrottlingException').waitFor();
  });

  test('the keyboard alone reaches a state and its data', async () => {
    await goto(path(arns['retried'] ?? ''));
    await state('ValidateInput').waitFor();
    await page.getByRole('tab', { name: 'Graph' }).focus();
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press('Tab');
      const reached = await page.evaluate<string>("document.activeElement?.textContent ?? ''");
      if (reached.startsWith('ValidateInput')) break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Input', exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('state')).toBe('ValidateInput');
  });

  test('the scale of the timeline is that of its bars, and all of it has room', async () => {
    await goto(path(arns['numbers'] ?? '', '?tab=timeline'));
    await page.locator('.segment').first().waitFor();
    const edges = async (place: Locator): Promise<[left: number, right: number]> => {
      const { x, width } = (await place.boundingBox()) ?? { x: 0, width: 0 };
      return [x, x + width];
    };
    const tracks = page.locator('.timeline-track');
    const scale = await edges(tracks.first());
    expect(scale).toEqual(await edges(tracks.last()));
    const [, right] = await edges(page.locator('.timeline-scale .timeline-track span').last());
    expect(right).toBeLessThan(scale[1]);
  });

  test('a definition marks the lines of the state that is pointed at', async () => {
    await goto(machinePath('numbers', '?tab=definition'));
    await state('Check').hover();
    expect(await textOf(page.locator('.lines .marked').first())).toContain('"Check": {');
    await page
      .locator('.lines', { hasText: '"ToleratedFailurePercentage"' })
      .getByText('"ToleratedFailurePercentage"')
      .hover();
    await page.locator('.state.selected', { hasText: 'Each' }).waitFor();
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 400],
    ['dark', 400],
  ] as const)('no page breaks a serious rule of accessibility, or overflows: %s, %d px', async (colorScheme, width) => {
    const before = page;
    page = await openPage({ colorScheme, viewport: { width, height: 900 } });
    const { mapRuns } = await endpoint.sfn.listMapRuns({ executionArn: arns['batch'] ?? '' });
    const mapRun = `/map-runs/${encodeURIComponent(mapRuns?.[0]?.mapRunArn ?? '')}`;
    const places: readonly (readonly [place: string, sign: string, picture?: string])[] = [
      ['/', 'a:has-text("pipeline")'],
      [machinePath('pipeline'), 'a:has-text("exhausted")', 'executions'],
      [machinePath('pipeline', '?tab=definition'), '.lines', 'definition'],
      [machinePath('numbers', '?tab=definition'), '.lines'],
      [path(arns['exhausted'] ?? ''), '.state', 'failure'],
      [path(arns['exhausted'] ?? '', '?state=InvokeModel&view=attempts'), '.state.selected'],
      [path(arns['retried'] ?? '', '?tab=timeline&state=InvokeModel&view=attempts'), '.timeline-row', 'timeline'],
      [path(arns['numbers'] ?? '', '?tab=timeline'), '.timeline-row'],
      [path(arns['numbers'] ?? '', '?tab=states'), 'th:has-text("Check")'],
      [path(arns['retried'] ?? '', '?tab=events'), 'th:has-text("TaskScheduled")'],
      [path(arns['retried'] ?? '', '?tab=data'), '.json'],
      [path(arns['retried'] ?? '', '?tab=log'), 'th:has-text("Response")'],
      ['/dashboard', '.figure', 'dashboard'],
      [mapRun, 'a:has-text("1 failed")', 'map-run'],
    ];
    await goto('/');
    for (const [place, sign, picture] of places) {
      await moveTo(place);
      await page.locator(sign).first().waitFor();
      // The dark has only colours of its own.
      const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
      expect([place, await findViolations(page, rules)]).toEqual([place, []]);
      expect([place, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([place, width]);
      if (PICTURES && picture && colorScheme === 'light' && width === 1280) {
        await page.screenshot({ path: join(PICTURES, `${picture}.jpg`), type: 'jpeg', quality: 60 });
      }
    }
    await context.close();
    page = before;
  });

  test('nothing left the machine, and nothing was refused or thrown', () => {
    expect(offences).toEqual([]);
  });

  test('a server that stops is told of, and found again', async () => {
    const own = await openConsoleEndpoint([]);
    const { port } = new URL(own.url);
    await page.goto(`${own.url}/`);
    await page.getByRole('link', { name: 'pipeline', exact: true }).waitFor();
    await own.close();
    await page.getByText('The server does not answer').waitFor();
    const again = await openConsoleEndpoint([], Number(port));
    await page.getByText('The server does not answer').waitFor({ state: 'detached' });
    await again.close();
  });

  test('the console of AWS shows executions through the proxy, and only reads', async () => {
    const env = { AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'us-east-1' };
    const options = parseConsoleArguments(['--port', '0'], env) as ConsoleOptions;
    process.env['AWS_ACCESS_KEY_ID'] = 'local';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'secret-of-the-caller';
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const url = await new Promise<string>((resolve) => {
      const stdout = { write: (text: string) => resolve(/on (http:\S+)\/,/.exec(text)?.[1] ?? '') };
      void serveConsole(options, { stdout, stderr: process.stderr, stopped });
    });
    const seen: string[] = [];
    page.on(
      'response',
      (response) =>
        void response.text().then(
          (text) => seen.push(text),
          () => {},
        ),
    );
    await page.goto(url + path(arns['exhausted'] ?? ''));
    await page.getByText('The execution failed: ThrottlingException, in InvokeModel, attempt 3 of 3').waitFor();
    expect(await page.getByRole('button', { name: 'New execution' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Start again with the same input' }).count()).toBe(0);
    expect(seen.filter((text) => text.includes('secret-of-the-caller'))).toEqual([]);
    stop();
  });
});
