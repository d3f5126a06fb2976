import { benchBundles } from './bundles.ts';
import { benchExecutions } from './executions.ts';
import { benchGrowth } from './growth.ts';
import { benchHttp } from './http.ts';
import { benchInterpreters } from './interpreters.ts';
import { benchStart } from './start.ts';

/** Everything in one run, so that the figures of a comparison come from the same machine at the same time. */
console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
await benchStart();
await benchBundles();
await benchExecutions();
await benchInterpreters();
await benchHttp();
await benchGrowth();
