import { parseDoctorArguments } from './arguments/doctor.ts';
import { enter } from './entry.ts';

await enter(parseDoctorArguments, async (options) => {
  const { doctor } = await import('./commands/doctor.ts');
  const { findRegion, openClients } = await import('./doctor/clients.ts');
  const { stdout, env, version: nodeVersion } = process;
  return doctor(options, { stdout, env, nodeVersion, now: Date.now, findRegion, openClients });
});
