import { mkdirSync, writeFileSync } from 'node:fs';
import { eventSchemas } from './event-schemas.ts';

/** Writes the schema of each event to statemachine/schemas/, as `npm run schemas` does. */

const folder = new URL('../statemachine/schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [detailType, schema] of Object.entries(eventSchemas()))
  writeFileSync(new URL(`${detailType}.json`, folder), `${JSON.stringify(schema, null, 2)}\n`);
