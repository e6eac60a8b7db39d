import { join } from 'node:path'
import {
  type Cgroups,
  findPressure,
  missing,
  readPressure,
  type SignalSource,
} from '@cloudbench/environment-kit'

/** How long tasks waited for a CPU, or for input and output. */
export async function stalls(root: string, cgroups: Cgroups, resource: 'cpu' | 'io'): Promise<SignalSource> {
  const file = await findPressure(root, cgroups, resource)
  const name = `${resource}.stalledMs`
  if (file === undefined) return missing({ [name]: 'the kernel counts no pressure: boot with psi=1' })
  return {
    signals: { [name]: 'counter' },
    read: async () => ({ [name]: (await readPressure(join(root, file))).someMs }),
  }
}
