import { parseDoctorArguments } from './doctor-arguments.ts';
import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';

await enter(async (argv) => {
  const options = parseDoctorArguments(argv);
  if ('help' in options) {
    process.stdout.write(options.help);
    return EXIT.answered;
  }
  const { doctor } = await import('./commands/doctor.ts');
  const { findRegion, openClients } = await import('./doctor/clients.ts');
  const { stdout, env, version: nodeVersion } = process;
  return doctor(options, { stdout, env, nodeVersion, now: Date.now, findRegion, openClients });
});
