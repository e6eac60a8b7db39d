import { arch, availableParallelism, cpus, release, totalmem } from 'node:os'
import type { Facts } from '../plugin/facts.ts'

/** OpenTelemetry's names, where they differ from Node's. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: 'x86', arm: 'arm32' }
const systems: Readonly<Record<string, string>> = { win32: 'windows' }

/** What Node itself knows about this machine. */
export function machineFacts(): Facts {
  const processors = cpus()
  const model = processors[0]?.model.trim()
  return {
    'os.type': systems[process.platform] ?? process.platform,
    'os.version': release(),
    'host.arch': architectures[arch()] ?? arch(),
    'process.runtime.version': process.versions.node,
    ...(model && { 'cpu.model': model }),
    'cpu.count': processors.length,
    'cpu.availableCount': availableParallelism(),
    'memory.bytes': totalmem(),
  }
}
