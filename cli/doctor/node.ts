import { type Finding, fail, ok } from './finding.ts';

/** As `engines` in package.json. */
export const LEAST_NODE = '20.19';

/** `version` is that of the running Node.js, as `v20.19.0`. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE.split('.').map(Number);
  const isNew = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return isNew ? ok('Node.js', version) : fail('Node.js', version, `install ${LEAST_NODE} or later`);
}
